# UNTESTED: no GPU was at hand. The trainer with TensorFlow's CUDA build:
#   docker build -f deploy/docker/cuda.Dockerfile -t vector-recall-trainer-cuda .
# and run with `--gpus all`. The CUDA libraries come with the wheel; the host provides the driver.

FROM node:22-bookworm AS build
WORKDIR /src
COPY . .
RUN VECTOR_RECALL_SKIP_NATIVE=1 npm ci
RUN npx nx run-many -t build -p trainer-cli,recall-server
RUN deploy/pack.sh /tarballs

FROM node:22-bookworm AS files
RUN apt-get update \
  && apt-get install --yes --no-install-recommends python3-pip \
  && rm -rf /var/lib/apt/lists/*
ENV XDG_CACHE_HOME=/opt/vector-recall/cache \
  VECTOR_RECALL_TENSORFLOW=cuda
COPY --from=build /tarballs /tarballs
COPY --from=build /src/deploy/install.sh /install.sh
RUN /install.sh /tarballs /opt/vector-recall
WORKDIR /opt/vector-recall
RUN npx --no-install vector-recall-setup

FROM node:22-bookworm-slim AS trainer
ENV NODE_ENV=production \
  NVIDIA_VISIBLE_DEVICES=all \
  NVIDIA_DRIVER_CAPABILITIES=compute,utility \
  PATH=/opt/vector-recall/node_modules/.bin:$PATH \
  XDG_CACHE_HOME=/var/cache
COPY --from=files /opt/vector-recall /opt/vector-recall
RUN mkdir -p /srv/artifacts /var/cache/vector-recall \
  && chown 1000:1000 /srv/artifacts /var/cache/vector-recall
VOLUME ["/srv/artifacts", "/var/cache/vector-recall"]
WORKDIR /srv
USER 1000:1000
ENTRYPOINT ["vector-recall"]
CMD ["--help"]
