// @ts-check
'use strict';

const { rm } = require('node:fs/promises');
const { buildAddon } = require('./build.cjs');
const { SetupError } = require('./errors.cjs');
const { fromFolder, fromWheel, isWheelCached } = require('./libtensorflow.cjs');
const { ensurePackage, readPackage } = require('./package.cjs');
const { placeAddon, removeAddon } = require('./place.cjs');
const { probeAddon } = require('./probe.cjs');
const { runStockScript } = require('./stock.cjs');

/**
 * The order: what is there already; a libtensorflow that the user gives; the cache; the stock download; the wheel.
 * @param {import('./settings.cjs').Settings} settings
 * @returns {Promise<import('./report.cjs').Outcome>}
 */
async function setUpRuntime(settings) {
  if (settings.skip) {
    return wasm('VECTOR_RECALL_SKIP_NATIVE is set', 'unset it and run "npx vector-recall-setup"');
  }
  if (settings.omitOptional) {
    return wasm('npm was told to omit optional dependencies', 'run "npm ci" without --omit=optional');
  }
  try {
    return await setUpNative(settings);
  } catch (error) {
    if (error instanceof SetupError) return wasm(error.message, error.remedy);
    // A full disk, a folder that may not be written: the install goes on all the same.
    return wasm(error instanceof Error ? error.message : String(error));
  }
}

/**
 * @param {import('./settings.cjs').Settings} settings
 * @returns {Promise<import('./report.cjs').Outcome>}
 */
async function setUpNative(settings) {
  if (settings.libtensorflowDir === undefined && (await readPackage(settings))) {
    const present = await probeAddon(settings);
    if (present.loads) return native(present.tensorflow, 'already there');
  }
  const given = settings.libtensorflowDir && (await fromFolder(settings.libtensorflowDir));
  const addon = await ensurePackage(settings);
  if (given) return buildAndPlace(addon, given, settings);
  // The stock download is bound to CUDA 11.2, so whoever asks for CUDA gets the wheel's.
  if (settings.variant === 'cpu' && !(await isWheelCached(settings)) && (await runStockScript(addon, settings))) {
    const stock = await probeAddon(settings);
    if (stock.loads) return native(stock.tensorflow, 'as the package ships it');
  }
  if (!wheelsFit()) {
    throw new SetupError(
      `TensorFlow publishes no usable library for ${process.platform} ${process.arch} with this C library`,
      {
        remedy: 'set LIBTENSORFLOW_DIR to a libtensorflow built for it, then run "npx vector-recall-setup"',
      },
    );
  }
  return buildAndPlace(addon, await fromWheel(settings), settings);
}

/**
 * @param {import('./package.cjs').AddonPackage} addon
 * @param {import('./libtensorflow.cjs').LibTensorFlow} tensorflow
 * @param {import('./settings.cjs').Settings} settings
 * @returns {Promise<import('./report.cjs').Outcome>}
 */
async function buildAndPlace(addon, tensorflow, settings) {
  let reason = '';
  // A cached addon that does not load (built on another machine that shares the home folder, say) is built once more.
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const built = await buildAddon(addon, tensorflow, settings);
    await placeAddon(addon, built);
    const probe = await probeAddon(settings);
    if (probe.loads) return native(probe.tensorflow, tensorflow.origin);
    reason = probe.reason;
    await rm(built.folder, { recursive: true, force: true });
  }
  await removeAddon(addon);
  throw new SetupError(`the addon was built but does not load (${reason})`, {
    remedy: 'set LIBTENSORFLOW_DIR to a libtensorflow made for this machine, then run "npx vector-recall-setup"',
  });
}

/** TensorFlow's wheels hold a library for Linux with glibc that the addon's build can use as it is. */
function wheelsFit() {
  /** @type {{ header?: { glibcVersionRuntime?: string } }} */
  const report = process.platform === 'linux' ? process.report.getReport() : {};
  return report.header?.glibcVersionRuntime !== undefined && ['x64', 'arm64'].includes(process.arch);
}

/**
 * @param {string} tensorflow
 * @param {string} origin
 * @returns {import('./report.cjs').Outcome}
 */
function native(tensorflow, origin) {
  return { runtime: 'native', tensorflow, origin };
}

/**
 * @param {string} reason
 * @param {string} [remedy]
 * @returns {import('./report.cjs').Outcome}
 */
function wasm(reason, remedy) {
  return { runtime: 'wasm', reason, remedy };
}

module.exports = { setUpRuntime };
