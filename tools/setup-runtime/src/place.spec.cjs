// @ts-check
'use strict';

const {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { placeAddon, removeAddon } = require('./place.cjs');

describe('placeAddon', () => {
  /** @type {string} */
  let root;
  /** @type {import('./package.cjs').AddonPackage} */
  let addon;

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'place-addon-')));
    addon = { folder: join(root, 'package'), version: '4.22.0', napiVersions: [8] };
    mkdirSync(addon.folder);
  });

  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  /** @param {string} name */
  function builtAddon(name) {
    const folder = join(root, name);
    const deps = join(folder, 'deps');
    mkdirSync(deps, { recursive: true });
    writeFileSync(join(folder, 'tfjs_binding.node'), name);
    return { folder, deps, binding: join(folder, 'tfjs_binding.node'), napi: 8 };
  }

  /** @param {string} name */
  function expectPlaced(name) {
    expect(readFileSync(join(addon.folder, 'lib', 'napi-v8', 'tfjs_binding.node'), 'utf8')).toBe(name);
    expect(realpathSync(join(addon.folder, 'deps'))).toBe(join(root, name, 'deps'));
    expect(readdirSync(addon.folder).sort()).toEqual(['deps', 'lib']);
    expect(readdirSync(join(addon.folder, 'lib', 'napi-v8'))).toEqual(['tfjs_binding.node']);
  }

  it('puts the binary where the package loads it from, and links its libraries', async () => {
    await placeAddon(addon, builtAddon('first'));
    expectPlaced('first');
  });

  it('takes the place of another one, and leaves that one in the cache whole', async () => {
    const first = builtAddon('first');
    await placeAddon(addon, first);
    await placeAddon(addon, builtAddon('second'));
    expectPlaced('second');
    expect(existsSync(first.deps)).toBe(true);
  });

  it('takes the place of the folder that the stock install script leaves', async () => {
    mkdirSync(join(addon.folder, 'deps', 'lib'), { recursive: true });
    writeFileSync(join(addon.folder, 'deps', 'lib', 'libtensorflow.so.2'), '');
    await placeAddon(addon, builtAddon('first'));
    expectPlaced('first');
  });

  it('can be taken out again without touching the cache', async () => {
    const first = builtAddon('first');
    await placeAddon(addon, first);
    await removeAddon(addon);
    expect(readdirSync(addon.folder)).toEqual([]);
    expect(existsSync(first.deps)).toBe(true);
  });
});
