// @ts-check
'use strict';

const { createHash } = require('node:crypto');
const { mkdir, readFile, readdir, rename, rm, writeFile } = require('node:fs/promises');
const { basename, join } = require('node:path');
const { compile, link, versionOf } = require('./compiler.cjs');

/**
 * An addon, as its `addon.cjs` tells: `<folder>/src/*.cc` with headers of others' from `includes`.
 * @typedef {{ folder: string, name: string, includes: readonly string[] }} NativeAddon
 */

/** What all addons share. */
const SHARED_HEADERS = join(__dirname, '../include');

/** Symbols of Node-API are found in the process that loads the addon. */
const SHARED = process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared'];

/**
 * Compiles `<folder>/build/<name>.node` unless it is there already, made from the same sources by the same compiler.
 * @param {NativeAddon} addon
 * @param {NodeJS.ProcessEnv} [env] `CXX` names the compiler
 * @returns {Promise<string>} path of the addon
 * @throws {Error} whose message is the reason in one line
 */
async function buildAddon(addon, env = process.env) {
  if (process.platform === 'win32') throw new Error('it is not written for Windows');
  const compiler = env.CXX || 'c++';
  const sources = await filesOf(join(addon.folder, 'src'));
  const stamp = await stampOf([...(await filesOf(SHARED_HEADERS)), ...sources], await versionOf(compiler));
  const out = join(addon.folder, 'build');
  const built = join(out, `${addon.name}.node`);
  const stampFile = `${built}.stamp`;
  if ((await readFile(stampFile, 'utf8').catch(() => '')) === stamp) return built;
  const aside = join(out, `aside-${process.pid}`);
  await mkdir(aside, { recursive: true });
  try {
    const units = sources.filter((file) => file.endsWith('.cc'));
    const objects = await compile(compiler, units, aside, includeFlags(addon));
    const linked = join(aside, basename(built));
    await link(compiler, objects, linked, SHARED);
    await rm(stampFile, { force: true });
    // A process that has the old addon loaded keeps it: the file is replaced, not written over.
    await rename(linked, built);
    await writeFile(stampFile, stamp);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return built;
}

/**
 * Headers besides the addon's own: those that all addons share, and foreign ones, whose warnings are not shown.
 * @param {NativeAddon} addon
 */
function includeFlags({ name, includes }) {
  const foreign = [...includes, nodeApiHeaders()].flatMap((folder) => ['-isystem', folder]);
  return ['-I', SHARED_HEADERS, ...foreign, '-DNAPI_VERSION=8', `-DNODE_GYP_MODULE_NAME=${name.replaceAll('-', '_')}`];
}

/** The package has no types; a name that is not a literal is not looked for. */
function nodeApiHeaders() {
  const name = /** @type {string} */ ('node-api-headers');
  /** @type {unknown} */
  const headers = require(name);
  return /** @type {{ include_dir: string }} */ (headers).include_dir;
}

/** @param {string} folder */
async function filesOf(folder) {
  return (await readdir(folder)).sort().map((name) => join(folder, name));
}

/**
 * @param {readonly string[]} files
 * @param {string} compiler what it says of itself
 */
async function stampOf(files, compiler) {
  const hash = createHash('sha256').update(compiler).update(process.arch);
  for (const file of [__filename, require.resolve('./compiler.cjs'), ...files]) hash.update(await readFile(file));
  return hash.digest('hex');
}

module.exports = { buildAddon, filesOf, includeFlags };
