// @ts-check
'use strict';

const { execFile } = require('node:child_process');
const { mkdir, mkdtemp, rm } = require('node:fs/promises');
const { join } = require('node:path');
const { promisify } = require('node:util');
const { compile, link } = require('./compiler.cjs');
const { filesOf, includeFlags } = require('./native-addon.cjs');

const run = promisify(execFile);

/** Sources without the binding to Node, which a program of its own can not link. */
const isCore = (/** @type {string} */ source) => source.endsWith('.cc') && !/(addon|napi)[^/]*$/.test(source);

const SANITIZERS = [
  {
    name: 'address and undefined behaviour',
    flags: ['-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer'],
    env: { ASAN_OPTIONS: 'detect_leaks=1' },
  },
  {
    name: 'threads',
    flags: ['-fsanitize=thread'],
    // The index takes a lock while it holds one, in any order; graph_builder.cc says why nobody waits in a circle.
    env: { TSAN_OPTIONS: 'detect_deadlocks=0' },
  },
];

/**
 * Compiles `<folder>/test/*.cc`, a program, with the core of the addon once for each sanitizer, and runs it.
 * @param {import('./native-addon.cjs').NativeAddon} addon
 * @param {(line: string) => void} print
 * @throws {Error} where the checks do not compile or do not hold; what the sanitizer found is its `cause`
 */
async function sanitizeAddon(addon, print) {
  const compiler = process.env.CXX || 'c++';
  const core = await filesOf(join(addon.folder, 'src'));
  const tests = await filesOf(join(addon.folder, 'test'));
  const sources = [...core, ...tests].filter(isCore);
  const out = join(addon.folder, 'build');
  await mkdir(out, { recursive: true });
  for (const { name, flags, env } of SANITIZERS) {
    const folder = await mkdtemp(join(out, 'sanitize-'));
    try {
      const all = [...flags, '-O1', '-g1', '-I', join(addon.folder, 'src'), ...includeFlags(addon)];
      const program = join(folder, 'tests');
      await link(compiler, await compile(compiler, sources, folder, all), program, flags);
      await run(program, { env: { ...process.env, ...env } }).catch((/** @type {unknown} */ cause) => {
        throw new Error(`a check of ${addon.name} does not hold under the sanitizer of ${name}`, { cause });
      });
      print(`${name}: all native checks hold`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

module.exports = { sanitizeAddon };
