// @ts-check
'use strict';

const { mkdir, mkdtemp, rm } = require('node:fs/promises');
const { join } = require('node:path');
const { compile, link } = require('./compiler.cjs');
const { filesOf, includeFlags } = require('./native-addon.cjs');

/** Sources without the binding to Node, which a program of its own cannot link. */
const isCore = (/** @type {string} */ source) => source.endsWith('.cc') && !/(addon|napi)[^/]*$/.test(source);

/**
 * Compiles `<folder>/test/*.cc`, a program, with the core of the addon, hands it on, and removes it.
 * @param {import('./native-addon.cjs').NativeAddon} addon
 * @param {string} compiler
 * @param {{ readonly compile: readonly string[], readonly link: readonly string[] }} flags
 * @param {(program: string) => Promise<void>} use
 * @throws {Error} where the checks do not compile, and what `use` throws
 */
async function withChecks(addon, compiler, flags, use) {
  const core = await filesOf(join(addon.folder, 'src'));
  const tests = await filesOf(join(addon.folder, 'test'));
  const sources = [...core, ...tests].filter(isCore);
  const out = join(addon.folder, 'build');
  await mkdir(out, { recursive: true });
  const folder = await mkdtemp(join(out, 'checks-'));
  try {
    const all = [...flags.compile, '-I', join(addon.folder, 'src'), ...includeFlags(addon)];
    const program = join(folder, 'tests');
    await link(compiler, await compile(compiler, sources, folder, all), program, flags.link);
    await use(program);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

module.exports = { withChecks };
