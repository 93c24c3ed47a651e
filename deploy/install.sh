#!/bin/sh
# Installs the tarballs of the folder $1 into the folder $2. The native addons are compiled on the way.
# Further arguments are npm's: --omit=optional for an installation that does not train with TensorFlow.
set -eu
tarballs=$(cd "$1" && pwd)
target=$2
shift 2
mkdir -p "$target"
cd "$target"
# The stock script of tfjs-node-gpu is bound to a CUDA of 2021; vector-recall-setup replaces it.
printf '%s\n' '{ "private": true, "allowScripts": { "@tensorflow/tfjs-node-gpu": false } }' >package.json
npm install --prefer-offline --no-audit --no-fund "$@" "$tarballs"/*.tgz
