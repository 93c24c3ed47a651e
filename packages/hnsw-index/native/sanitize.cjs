// @ts-check
'use strict';

const { mkdir, mkdtemp, rm } = require('node:fs/promises');
const { join } = require('node:path');
const { OUT, command, compile, includeFlags, sourcesOf } = require('./build.cjs');

/** The engine without its binding to Node, which a program of its own can not link. */
const isCore = (/** @type {string} */ source) => !/(addon|napi)[^/]*$/.test(source);

const VARIANTS = [
  {
    name: 'address and undefined behaviour',
    flags: ['-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer'],
    env: { ASAN_OPTIONS: 'detect_leaks=1' },
  },
  {
    name: 'threads',
    flags: ['-fsanitize=thread'],
    // Insertion holds one lock while it takes others in any order; src/graph_builder.cc says why nobody waits in a circle.
    env: { TSAN_OPTIONS: 'detect_deadlocks=0' },
  },
];

/** Compiles the tests of the C++ core once for each sanitizer, and runs them. */
async function sanitize() {
  const compiler = process.env.CXX || 'c++';
  const sources = (await sourcesOf(join(__dirname, 'src'))).filter(isCore);
  sources.push(...(await sourcesOf(join(__dirname, 'test'))), join(__dirname, 'fuzz/harness.cc'));
  await mkdir(OUT, { recursive: true });
  for (const { name, flags, env } of VARIANTS) {
    const folder = await mkdtemp(join(OUT, 'sanitize-'));
    try {
      const all = [...flags, '-O1', '-g1', '-I', join(__dirname, 'src'), ...includeFlags()];
      const objects = await compile(compiler, sources, folder, all);
      const program = join(folder, 'tests');
      await command(compiler, [...objects, ...flags, '-pthread', '-o', program]);
      Object.assign(process.env, env);
      await command(program, []);
      console.log(`${name}: all native checks hold`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

sanitize().catch((/** @type {Error} */ error) => {
  console.error(error.cause ?? error);
  process.exitCode = 1;
});
