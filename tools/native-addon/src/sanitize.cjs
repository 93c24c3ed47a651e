// @ts-check
'use strict';

const { execFile } = require('node:child_process');
const { promisify } = require('node:util');
const { withChecks } = require('./checks.cjs');

const run = promisify(execFile);

const SANITIZERS = [
  {
    name: 'address and undefined behaviour',
    flags: ['-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer'],
    args: [],
    env: { ASAN_OPTIONS: 'detect_leaks=1' },
  },
  {
    name: 'threads',
    flags: ['-fsanitize=thread'],
    // The checks of an addon may leave out what runs on one thread.
    args: ['threads'],
    // The index takes a lock while it holds one, in any order; graph_builder.cc says why nobody waits in a circle.
    env: { TSAN_OPTIONS: 'detect_deadlocks=0' },
  },
];

/**
 * Runs the checks of an addon once under each sanitizer.
 * @param {import('./native-addon.cjs').NativeAddon} addon
 * @param {(line: string) => void} print
 * @throws {Error} where the checks do not compile or do not hold; what the sanitizer found is its `cause`
 */
async function sanitizeAddon(addon, print) {
  const compiler = process.env.CXX || 'c++';
  for (const { name, flags, args, env } of SANITIZERS) {
    await withChecks(addon, compiler, { compile: [...flags, '-O1', '-g1'], link: flags }, async (program) => {
      await run(program, args, { env: { ...process.env, ...env } }).catch((/** @type {unknown} */ cause) => {
        throw new Error(`a check of ${addon.name} does not hold under the sanitizer of ${name}`, { cause });
      });
    });
    print(`${name}: all native checks hold`);
  }
}

module.exports = { sanitizeAddon };
