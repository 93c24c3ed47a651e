// @ts-check
'use strict';

const { execFile } = require('node:child_process');
const { availableParallelism } = require('node:os');
const { join } = require('node:path');
const { promisify } = require('node:util');

const run = promisify(execFile);

/**
 * Instruction sets are chosen when an addon runs, so no flag names a processor; and a product and a sum stay two
 * roundings, so that every processor computes the same bits, and those that JavaScript computes.
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

/**
 * Compiles on all processors.
 * @param {string} compiler
 * @param {readonly string[]} sources
 * @param {string} folder where the objects go
 * @param {readonly string[]} flags besides those of every addon, which they override
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

/**
 * @param {string} compiler
 * @param {readonly string[]} objects
 * @param {string} file what comes out
 * @param {readonly string[]} flags
 */
async function link(compiler, objects, file, flags) {
  await command(compiler, [...objects, ...flags, '-pthread', '-o', file]);
}

/**
 * @param {string} compiler
 * @returns {Promise<string>} what it says of itself
 */
async function versionOf(compiler) {
  try {
    return (await run(compiler, ['--version'])).stdout;
  } catch {
    throw new Error(`the C++ compiler ${compiler} cannot be run`);
  }
}

/**
 * @param {string} compiler
 * @param {readonly string[]} args
 */
async function command(compiler, args) {
  try {
    await run(compiler, args, { maxBuffer: 1 << 26 });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const line = text.split('\n').find((part) => part.includes('error')) ?? text.split('\n')[0];
    throw new Error(`it could not be compiled (${line.trim()})`, { cause: error });
  }
}

module.exports = { compile, link, versionOf };
