// @ts-check
'use strict';

const { execFile } = require('node:child_process');
const { createHash } = require('node:crypto');
const { existsSync } = require('node:fs');
const { mkdir, readFile, readdir, rename, rm, writeFile } = require('node:fs/promises');
const { availableParallelism } = require('node:os');
const { dirname, join } = require('node:path');
const { promisify } = require('node:util');

const run = promisify(execFile);

const OUT = join(__dirname, 'build');
const ADDON = join(OUT, 'vector-recall-engine.node');

/**
 * Instruction sets are chosen when the addon runs, so no flag here names a processor. Sums are computed as they are
 * written: exact search gives the same result everywhere.
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
 * Compiles the engine unless it is there already, made from the same sources by the same compiler.
 * @param {{ env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<string>} path of the addon
 * @throws {Error} whose message is the reason in one line
 */
async function buildEngine({ env = process.env } = {}) {
  if (process.platform === 'win32') throw new Error('the engine is not written for Windows');
  const compiler = env.CXX || 'c++';
  const version = await versionOf(compiler);
  const sources = await sourcesOf(join(__dirname, 'src'));
  const stamp = await stampOf(sources, version);
  const stampFile = join(OUT, 'stamp');
  if (existsSync(ADDON) && (await readFile(stampFile, 'utf8').catch(() => '')) === stamp) return ADDON;
  const aside = join(OUT, `aside-${process.pid}`);
  await mkdir(aside, { recursive: true });
  try {
    const objects = await compile(compiler, sources, aside, includeFlags());
    const linked = join(aside, 'addon.node');
    await command(compiler, [...objects, ...LINK_FLAGS, '-pthread', '-o', linked]);
    await rm(stampFile, { force: true });
    // A process that has the old addon loaded keeps it: the file is replaced, not written over.
    await rename(linked, ADDON);
    await writeFile(stampFile, stamp);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return ADDON;
}

/** hnswlib's headers, as hnswlib-node ships them, and those of Node-API. Foreign code: its warnings are not shown. */
function includeFlags() {
  const hnswlib = join(dirname(require.resolve('hnswlib-node/package.json')), 'src');
  const node = join(dirname(require.resolve('node-api-headers/package.json')), 'include');
  return ['-isystem', hnswlib, '-isystem', node, '-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=vector_recall_engine'];
}

/**
 * @param {string} compiler
 * @param {readonly string[]} sources
 * @param {string} folder
 * @param {readonly string[]} flags
 * @returns {Promise<string[]>} the objects
 */
async function compile(compiler, sources, folder, flags) {
  const objects = sources.map((_, i) => join(folder, `${i}.o`));
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < sources.length; i = next++) {
      await command(compiler, [...FLAGS, ...flags, '-c', sources[i], '-o', objects[i]]);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return objects;
}

/** @param {string} folder */
async function sourcesOf(folder) {
  const names = await readdir(folder);
  return names
    .filter((name) => name.endsWith('.cc'))
    .sort()
    .map((name) => join(folder, name));
}

/**
 * @param {readonly string[]} sources
 * @param {string} compiler what it says of itself
 */
async function stampOf(sources, compiler) {
  const folder = dirname(sources[0]);
  const headers = (await readdir(folder))
    .filter((name) => name.endsWith('.h'))
    .sort()
    .map((name) => join(folder, name));
  const hash = createHash('sha256').update(compiler).update(process.arch);
  for (const file of [__filename, ...headers, ...sources]) hash.update(await readFile(file));
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
 * @param {string} file
 * @param {readonly string[]} args
 */
async function command(file, args) {
  try {
    await run(file, args, { maxBuffer: 1 << 26 });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const line = text.split('\n').find((part) => part.includes('error')) ?? text.split('\n')[0];
    throw new Error(`the engine could not be compiled (${line.trim()})`, { cause: error });
  }
}

module.exports = { ADDON, OUT, buildEngine, command, compile, includeFlags, sourcesOf };

if (require.main === module) {
  buildEngine().then(
    (addon) => console.log(addon),
    (/** @type {Error} */ error) => {
      console.error(error.cause ?? error.message);
      process.exitCode = 1;
    },
  );
}
