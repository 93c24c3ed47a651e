// @ts-check
'use strict';

const { existsSync } = require('node:fs');
const { readFile } = require('node:fs/promises');
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { run } = require('./command.cjs');
const { SetupError } = require('./errors.cjs');

/** npm only adds what is missing, mostly from its own cache. */
const RESTORE_TIMEOUT_MS = 5 * 60_000;

/**
 * @typedef {object} AddonPackage
 * @property {string} folder
 * @property {string} version
 * @property {readonly number[]} napiVersions Node-API versions that the addon can be built for, ascending
 */

/**
 * The npm package of the addon, restored if npm dropped it: npm takes an optional dependency whose install script
 * failed out of the tree, with everything that only it needs.
 * Adding it back by npm itself keeps to the lock file and to one tfjs-core in the tree.
 * @param {import('./settings.cjs').Settings} settings
 * @returns {Promise<AddonPackage>}
 */
async function ensurePackage(settings) {
  const found = await readPackage(settings);
  if (found) return found;
  const npm = settings.env.npm_execpath;
  const args = ['install', '--ignore-scripts', '--no-save', '--prefer-offline', '--no-audit', '--no-fund'];
  const result = npm
    ? await run(process.execPath, [npm, ...args], limits(settings))
    : await run('npm', args, limits(settings));
  const restored = await readPackage(settings);
  if (restored) return restored;
  throw new SetupError(
    `the package @tensorflow/tfjs-node-gpu could not be fetched (${result.reason || 'npm left it out'})`,
    {
      remedy: 'see to it that npm reaches its registry, then run "npx vector-recall-setup"',
    },
  );
}

/** @param {import('./settings.cjs').Settings} settings */
function limits(settings) {
  return { timeoutMs: RESTORE_TIMEOUT_MS, cwd: settings.workspace, env: settings.env };
}

/**
 * @param {import('./settings.cjs').Settings} settings
 * @returns {Promise<AddonPackage | undefined>} undefined if it, or the build tool it brings, is not in node_modules
 */
async function readPackage(settings) {
  const folder = join(settings.workspace, 'node_modules', '@tensorflow', 'tfjs-node-gpu');
  if (!existsSync(join(folder, 'binding.gyp')) || !buildTool(folder)) return undefined;
  /** @type {unknown} */
  const parsed = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  // npm has checked the package against the lock file's checksum, so its manifest has the shape of that version's.
  const manifest = /** @type {{ version: string, binary: { napi_versions: number[] } }} */ (parsed);
  return { folder, version: manifest.version, napiVersions: manifest.binary.napi_versions };
}

/**
 * @param {string} folder the addon's package
 * @returns {string | undefined} the script of node-pre-gyp that this package uses
 */
function buildTool(folder) {
  try {
    return createRequire(join(folder, 'package.json')).resolve('@mapbox/node-pre-gyp/bin/node-pre-gyp');
  } catch {
    return undefined;
  }
}

module.exports = { buildTool, ensurePackage, readPackage };
