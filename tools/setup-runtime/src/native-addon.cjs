// @ts-check
'use strict';

const { execFile } = require('node:child_process');
const { createHash } = require('node:crypto');
const { mkdir, readFile, readdir, rename, rm, writeFile } = require('node:fs/promises');
const { join } = require('node:path');
const { promisify } = require('node:util');

const run = promisify(execFile);

/**
 * Instruction sets are chosen when an addon runs, so no flag names a processor; and a product and a sum stay two
 * roundings, so that every processor computes the bits that JavaScript computes.
 */
const FLAGS = [
  '-std=c++17',
  '-O3',
  '-ffp-contract=off',
  '-fPIC',
  '-fvisibility=hidden',
  '-pthread',
  '-Wall',
  '-Wextra',
];

/** Symbols of Node-API are found in the process that loads the addon. */
const LINK_FLAGS = process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared'];

/**
 * Compiles `<folder>/src/*.cc` to `<folder>/build/<name>.node` unless it is there already, made from the same sources
 * by the same compiler.
 * @param {{ folder: string, name: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<string>} path of the addon
 * @throws {Error} whose message is the reason in one line
 */
async function buildNativeAddon({ folder, name, env = process.env }) {
  if (process.platform === 'win32') throw new Error('it is not written for Windows');
  const compiler = env.CXX || 'c++';
  const source = join(folder, 'src');
  const names = (await readdir(source)).sort();
  const stamp = await stampOf(
    names.map((file) => join(source, file)),
    await versionOf(compiler),
  );
  const out = join(folder, 'build');
  const addon = join(out, `${name}.node`);
  const stampFile = `${addon}.stamp`;
  if ((await readFile(stampFile, 'utf8').catch(() => '')) === stamp) return addon;
  await mkdir(out, { recursive: true });
  const aside = join(out, `${name}-${process.pid}.aside`);
  const sources = names.filter((file) => file.endsWith('.cc')).map((file) => join(source, file));
  try {
    const headers = ['-isystem', includeFolder(), '-DNAPI_VERSION=8'];
    await compile(compiler, [
      ...FLAGS,
      ...headers,
      `-DNODE_GYP_MODULE_NAME=${name.replaceAll('-', '_')}`,
      ...sources,
      ...LINK_FLAGS,
      '-o',
      aside,
    ]);
    await rm(stampFile, { force: true });
    // A process that has the old addon loaded keeps it: the file is replaced, not written over.
    await rename(aside, addon);
    await writeFile(stampFile, stamp);
  } finally {
    await rm(aside, { force: true });
  }
  return addon;
}

/** Where the headers of Node-API are. The package has no types; a name that is not a literal is not looked for. */
function includeFolder() {
  const name = /** @type {string} */ ('node-api-headers');
  /** @type {unknown} */
  const headers = require(name);
  return /** @type {{ include_dir: string }} */ (headers).include_dir;
}

/**
 * @param {readonly string[]} files
 * @param {string} compiler what it says of itself
 */
async function stampOf(files, compiler) {
  const hash = createHash('sha256').update(compiler).update(process.arch);
  for (const file of [__filename, ...files]) hash.update(await readFile(file));
  return hash.digest('hex');
}

/** @param {string} compiler */
async function versionOf(compiler) {
  try {
    return (await run(compiler, ['--version'])).stdout;
  } catch {
    throw new Error(`the C++ compiler ${compiler} can not be run`);
  }
}

/**
 * @param {string} compiler
 * @param {readonly string[]} args
 */
async function compile(compiler, args) {
  try {
    await run(compiler, args, { maxBuffer: 1 << 26 });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const line = text.split('\n').find((part) => part.includes('error')) ?? text.split('\n')[0];
    throw new Error(`it could not be compiled (${line.trim()})`, { cause: error });
  }
}

module.exports = { buildNativeAddon };
