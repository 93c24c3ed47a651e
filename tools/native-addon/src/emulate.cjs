// @ts-check
'use strict';

const { execFile } = require('node:child_process');
const { promisify } = require('node:util');
const { versionOf } = require('./compiler.cjs');
const { withChecks } = require('./checks.cjs');

const run = promisify(execFile);

const COMPILER = 'aarch64-linux-gnu-g++';
const EMULATOR = 'qemu-aarch64-static';

/**
 * Runs the checks of an addon on an emulated arm64 processor, its NEON kernels against the portable ones.
 * @param {import('./native-addon.cjs').NativeAddon} addon
 * @param {(line: string) => void} print
 * @throws {Error} where compiler or emulator are missing, or the checks do not compile or do not hold
 */
async function emulateAddon(addon, print) {
  try {
    await versionOf(COMPILER);
    await run(EMULATOR, ['--version']);
  } catch (cause) {
    throw new Error(
      `${COMPILER} and ${EMULATOR} are needed; install them (Debian: g++-aarch64-linux-gnu, qemu-user-static)`,
      { cause },
    );
  }
  // Static, so that the emulator needs no libraries of the other processor.
  await withChecks(addon, COMPILER, { compile: ['-O2'], link: ['-static'] }, async (program) => {
    await run(EMULATOR, [program]).catch((/** @type {unknown} */ cause) => {
      throw new Error(`a check of ${addon.name} does not hold on arm64`, { cause });
    });
  });
  print('arm64: all native checks hold');
}

module.exports = { emulateAddon };
