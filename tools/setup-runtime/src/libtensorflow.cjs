// @ts-check
'use strict';

const { existsSync } = require('node:fs');
const { mkdir, readdir, rename, rm, stat } = require('node:fs/promises');
const { join } = require('node:path');
const { cacheEntry, isWhole } = require('./cache.cjs');
const { SetupError } = require('./errors.cjs');
const { TENSORFLOW_VERSION } = require('./settings.cjs');
const { cudaRequirements, fetchFromWheels } = require('./wheel.cjs');

/**
 * A libtensorflow that the addon can be compiled and linked against.
 * @typedef {object} LibTensorFlow
 * @property {string} library path of libtensorflow(_cc).so.2
 * @property {string} framework path of libtensorflow_framework.so.2
 * @property {string} include folder that holds `tensorflow/c/c_api.h`
 * @property {string | undefined} nvidia folder of NVIDIA's libraries, which the CUDA build looks for beside its own
 * @property {string} identity changes when the library does
 * @property {string} origin where it came from, for the report
 */

/** The parts of a TensorFlow wheel that compiling and running the addon needs: 850 MB of 1.3 GB, 100 of 15,000 files. */
const WHEEL_PARTS = [
  'tensorflow/libtensorflow_cc.so.2',
  'tensorflow/libtensorflow_framework.so.2',
  'tensorflow/include/tensorflow/c/',
  'tensorflow/include/tensorflow/core/platform/ctstring',
  'tensorflow/include/tsl/platform/ctstring',
  'tensorflow/include/xla/tsl/c/',
];

/** Names of the two libraries: in TensorFlow's own tarball, and in a wheel. */
const LIBRARY_NAMES = ['libtensorflow.so.2', 'libtensorflow_cc.so.2', 'libtensorflow.so'];
const FRAMEWORK_NAMES = ['libtensorflow_framework.so.2', 'libtensorflow_framework.so'];

/**
 * Reads a folder that the user names: TensorFlow's own tarball, unpacked (`lib/`, `include/`),
 * or an unpacked wheel (its `tensorflow/` folder, or the folder that holds it).
 * @param {string} folder
 * @returns {Promise<LibTensorFlow>}
 */
async function fromFolder(folder) {
  for (const base of [folder, join(folder, 'tensorflow')]) {
    const include = join(base, 'include');
    if (!existsSync(join(include, 'tensorflow', 'c', 'c_api.h'))) continue;
    for (const libraries of [join(base, 'lib'), base]) {
      const library = firstThere(libraries, LIBRARY_NAMES);
      const framework = firstThere(libraries, FRAMEWORK_NAMES);
      if (!library || !framework) continue;
      const { size, mtimeMs } = await stat(library);
      const nvidia = join(libraries, '..', 'nvidia');
      return {
        library,
        framework,
        include,
        nvidia: existsSync(nvidia) ? nvidia : undefined,
        identity: `${library}:${size}:${mtimeMs}`,
        origin: 'built against LIBTENSORFLOW_DIR',
      };
    }
  }
  throw new SetupError(`LIBTENSORFLOW_DIR (${folder}) holds no libtensorflow.so.2 with its headers`, {
    remedy:
      'point it at an unpacked libtensorflow tarball (lib/ and include/) or wheel (tensorflow/), ' +
      'then run "npx vector-recall-setup"',
  });
}

/**
 * Takes the library out of a TensorFlow wheel, through pip, and keeps it in the cache.
 * @param {import('./settings.cjs').Settings} settings
 * @returns {Promise<LibTensorFlow>}
 */
async function fromWheel(settings) {
  const { folder, made } = await cacheEntry(wheelFolder(settings), async (aside) => {
    const name = settings.variant === 'cuda' ? 'tensorflow' : 'tensorflow-cpu';
    const info = `${name.replace('-', '_')}-${TENSORFLOW_VERSION}.dist-info/METADATA`;
    await fetchFromWheels([`${name}==${TENSORFLOW_VERSION}`], aside, [...WHEEL_PARTS, info], settings.env);
    // Untested, since no GPU was at hand: the libraries that the wheel loads from ../nvidia, relative to its own folder.
    if (settings.variant === 'cuda') {
      await fetchFromWheels(await cudaRequirements(join(aside, info)), aside, ['nvidia/'], settings.env);
    }
    await layOut(aside);
    return ['lib/libtensorflow_cc.so.2', 'lib/libtensorflow_framework.so.2', 'include/tensorflow/c/c_api.h'];
  });
  return {
    ...(await fromFolder(folder)),
    // The entry's name holds the version: its place and time may differ from one machine to the next.
    identity: entryName(settings),
    origin: made ? 'built against the TensorFlow wheel' : 'from the cache',
  };
}

/**
 * @param {import('./settings.cjs').Settings} settings
 * @returns {Promise<boolean>} whether fromWheel() needs no download
 */
function isWheelCached(settings) {
  return isWhole(wheelFolder(settings));
}

/**
 * The wheel's layout made into the tarball's, which is also where the CUDA build's search path (`$ORIGIN/../nvidia`) leads.
 * @param {string} folder
 */
async function layOut(folder) {
  const wheel = join(folder, 'tensorflow');
  await mkdir(join(folder, 'lib'));
  for (const name of await readdir(wheel)) {
    await rename(join(wheel, name), name === 'include' ? join(folder, name) : join(folder, 'lib', name));
  }
  await rm(wheel, { recursive: true });
}

/** @param {import('./settings.cjs').Settings} settings */
function wheelFolder(settings) {
  return join(settings.cache, entryName(settings));
}

/** @param {import('./settings.cjs').Settings} settings */
function entryName(settings) {
  return `libtensorflow-${TENSORFLOW_VERSION}-${settings.variant}-${process.arch}`;
}

/**
 * @param {string} folder
 * @param {readonly string[]} names
 */
function firstThere(folder, names) {
  return names.map((name) => join(folder, name)).find((path) => existsSync(path));
}

module.exports = { fromFolder, fromWheel, isWheelCached };
