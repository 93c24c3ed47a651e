// @ts-check
'use strict';

const { createHash } = require('node:crypto');
const { existsSync } = require('node:fs');
const { cp, mkdir, readFile, readdir, realpath, rename, rm, symlink } = require('node:fs/promises');
const { basename, join } = require('node:path');
const { cacheEntry } = require('./cache.cjs');
const { run } = require('./command.cjs');
const { SetupError } = require('./errors.cjs');
const { buildTool } = require('./package.cjs');

const COMPILER_TIMEOUT_MS = 30_000;
const BUILD_TIMEOUT_MS = 10 * 60_000;
const BINDING = 'tfjs_binding.node';

/** What the build reads out of the package. */
const SOURCES = ['binding', 'binding.gyp', 'package.json'];

/**
 * @typedef {object} BuiltAddon
 * @property {string} binding path of the compiled addon
 * @property {string} deps the folder that the addon looks for its libraries in
 * @property {string} folder its entry in the cache
 * @property {number} napi Node-API version that it was built for
 */

/**
 * Compiles the addon against a libtensorflow, once for each combination of sources, library and compiler.
 * @param {import('./package.cjs').AddonPackage} addon
 * @param {import('./libtensorflow.cjs').LibTensorFlow} tensorflow
 * @param {import('./settings.cjs').Settings} settings
 * @returns {Promise<BuiltAddon>}
 */
async function buildAddon(addon, tensorflow, settings) {
  const compiler = await compilerVersion(settings.env);
  const napi = napiVersion(addon);
  const identity = [await sourceHash(addon.folder), tensorflow.library, tensorflow.identity, compiler];
  const key = createHash('sha256').update(identity.join('\n')).digest('hex').slice(0, 12);
  const name = `addon-${addon.version}-napi${napi}-${process.platform}-${process.arch}-${key}`;
  const { folder } = await cacheEntry(join(settings.cache, name), async (aside) => {
    await linkLibraries(join(aside, 'deps'), tensorflow);
    await compile(addon, aside, napi, settings);
    return [BINDING];
  });
  return { binding: join(folder, BINDING), deps: join(folder, 'deps'), folder, napi };
}

/**
 * The folder as the addon's binding.gyp wants it. Links only: the library has 850 MB.
 * Each library stands under the name that the linker looks for and under its own, which the loader looks for.
 * @param {string} deps
 * @param {import('./libtensorflow.cjs').LibTensorFlow} tensorflow
 */
async function linkLibraries(deps, { library, framework, include, nvidia }) {
  const lib = join(deps, 'lib');
  await mkdir(lib, { recursive: true });
  await symlink(include, join(deps, 'include'));
  if (nvidia) await symlink(nvidia, join(deps, 'nvidia'));
  for (const { path, name } of [
    { path: library, name: 'libtensorflow.so' },
    { path: framework, name: 'libtensorflow_framework.so' },
  ]) {
    const target = await realpath(path);
    const links = new Set([name, `${name}.2`, basename(path)]);
    for (const link of links) await symlink(target, join(lib, link));
  }
}

/**
 * @param {import('./package.cjs').AddonPackage} addon
 * @param {string} aside holds `deps`; gets the compiled addon
 * @param {number} napi
 * @param {import('./settings.cjs').Settings} settings
 */
async function compile(addon, aside, napi, settings) {
  const tool = buildTool(addon.folder);
  if (!tool) throw new SetupError('node-pre-gyp, which builds the addon, is not in node_modules');
  const build = join(aside, 'build');
  for (const name of SOURCES) await cp(join(addon.folder, name), join(build, name), { recursive: true });
  await symlink(join(aside, 'deps'), join(build, 'deps'));
  const result = await run(process.execPath, [tool, 'install', '--build-from-source'], {
    timeoutMs: BUILD_TIMEOUT_MS,
    cwd: build,
    env: { ...settings.env, JOBS: 'max' },
  });
  const made = join(build, 'lib', `napi-v${napi}`, BINDING);
  if (!existsSync(made)) {
    throw new SetupError(`the addon could not be built (${result.reason || 'the build left no binary'})`, {
      remedy:
        'install a C++ compiler, make and Python (Debian: build-essential python3), then run "npx vector-recall-setup"',
    });
  }
  await rename(made, join(aside, BINDING));
  await rm(build, { recursive: true });
}

/**
 * The newest Node-API version that both the addon and this Node know: node-pre-gyp's own choice.
 * @param {import('./package.cjs').AddonPackage} addon
 */
function napiVersion(addon) {
  const supported = addon.napiVersions.filter((version) => version <= Number(process.versions.napi));
  return Math.max(...supported);
}

/** @param {NodeJS.ProcessEnv} env */
async function compilerVersion(env) {
  const compiler = env.CXX || 'c++';
  const result = await run(compiler, ['--version'], { timeoutMs: COMPILER_TIMEOUT_MS, env });
  // Whether a compiler is missed, and what to do about it, is said by the build itself.
  return result.ok ? result.output : 'none';
}

/** @param {string} folder the addon's package */
async function sourceHash(folder) {
  const hash = createHash('sha256');
  const sources = (await readdir(join(folder, 'binding'))).sort().map((name) => join('binding', name));
  for (const path of [...sources, 'binding.gyp']) hash.update(await readFile(join(folder, path)));
  return hash.digest('hex');
}

module.exports = { BINDING, buildAddon, linkLibraries, napiVersion };
