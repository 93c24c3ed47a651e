// @ts-check
'use strict';

const { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { installAddon } = require('./install.cjs');

const SOURCE = '#include <node_api.h>\nNAPI_MODULE_INIT() { return exports; }\n';

describe('the install script of a package with an addon', () => {
  /** @type {string} */
  let root;
  /** @type {import('./native-addon.cjs').NativeAddon} */
  let addon;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'native-addon-'));
    const folder = join(root, 'packages/some/native');
    mkdirSync(join(folder, 'src'), { recursive: true });
    writeFileSync(join(folder, 'src/addon.cc'), SOURCE);
    addon = { folder, name: 'test-addon', includes: [] };
  });

  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  const isBuilt = () => existsSync(join(addon.folder, 'build/test-addon.node'));

  it('compiles the addon', async () => {
    expect(await installAddon(addon, 'It is slower.', { PATH: process.env.PATH })).toBeUndefined();
    expect(isBuilt()).toBe(true);
  });

  it('says what is lost without a compiler, and what to do', async () => {
    expect(await installAddon(addon, 'It is slower.', { CXX: '/nowhere/c++' })).toBe(
      'vector-recall: the native addon test-addon was not built: the C++ compiler /nowhere/c++ cannot be run. ' +
        'It is slower. To build it, install a C++ compiler (Debian: build-essential), then run "npx vector-recall-setup".',
    );
  });

  it('does nothing where the user wants nothing native, or in a checkout', async () => {
    expect(await installAddon(addon, '', { VECTOR_RECALL_SKIP_NATIVE: '1' })).toBeUndefined();
    writeFileSync(join(root, 'nx.json'), '{}');
    expect(await installAddon(addon, '', { PATH: process.env.PATH })).toBeUndefined();
    expect(isBuilt()).toBe(false);
  });
});
