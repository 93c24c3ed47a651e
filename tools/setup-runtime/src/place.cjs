// @ts-check
'use strict';

const { copyFile, lstat, mkdir, rename, rm, symlink } = require('node:fs/promises');
const { join } = require('node:path');
const { BINDING } = require('./build.cjs');

/**
 * Puts a built addon where its package looks for it. Each of the two pieces changes by one rename,
 * so that a process that starts meanwhile finds a whole one.
 * @param {import('./package.cjs').AddonPackage} addon
 * @param {import('./build.cjs').BuiltAddon} built
 */
async function placeAddon(addon, built) {
  const aside = `.aside-${process.pid}`;
  const deps = join(addon.folder, 'deps');
  await rm(deps + aside, { recursive: true, force: true });
  await symlink(built.deps, deps + aside);
  await clearFolder(deps);
  await rename(deps + aside, deps);

  const folder = join(addon.folder, 'lib', `napi-v${built.napi}`);
  await mkdir(folder, { recursive: true });
  await copyFile(built.binding, join(folder, BINDING + aside));
  await rename(join(folder, BINDING + aside), join(folder, BINDING));
}

/**
 * Takes a runtime that does not load out of the package, so that the towers see at once that there is none.
 * @param {import('./package.cjs').AddonPackage} addon
 */
async function removeAddon(addon) {
  await rm(join(addon.folder, 'lib'), { recursive: true, force: true });
  await rm(join(addon.folder, 'deps'), { recursive: true, force: true });
}

/**
 * The stock install script leaves a folder here, which a link cannot replace in one step.
 * @param {string} deps
 */
async function clearFolder(deps) {
  const there = await lstat(deps).catch(() => undefined);
  if (!there?.isDirectory()) return;
  const old = `${deps}.old-${process.pid}`;
  await rename(deps, old);
  await rm(old, { recursive: true, force: true });
}

module.exports = { placeAddon, removeAddon };
