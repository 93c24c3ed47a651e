#!/bin/sh
# Packs every publishable package of the checkout, which must be built, into the folder $1.
set -eu
mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
for manifest in packages/*/package.json apps/*/package.json tools/*/package.json; do
  [ -f "$manifest" ] && set -- "$@" --workspace "$(dirname "$manifest")"
done
shift
npm pack --silent --pack-destination "$out" "$@"
