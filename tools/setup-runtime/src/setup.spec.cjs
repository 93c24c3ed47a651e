// @ts-check
'use strict';

const { execFileSync } = require('node:child_process');
const { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { readSettings } = require('./settings.cjs');
const { setUpRuntime } = require('./setup.cjs');

const main = join(__dirname, '..', 'main.cjs');

describe('setting up the runtime', () => {
  /** @type {string} */
  let root;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'setup-runtime-'));
  });

  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  /**
   * A workspace with the addon's package but no binary, on a machine where the listed commands are all there is.
   * @param {NodeJS.ProcessEnv} env
   * @param {Record<string, string>} commands shell scripts by name
   */
  function bareMachine(env, commands = {}) {
    const addon = join(root, 'node_modules', '@tensorflow', 'tfjs-node-gpu');
    mkdirSync(join(addon, 'binding'), { recursive: true });
    mkdirSync(join(root, 'packages', 'towers'), { recursive: true });
    writeFileSync(join(addon, 'binding.gyp'), '{}');
    writeFileSync(join(addon, 'package.json'), '{"version": "4.22.0", "binary": {"napi_versions": [8]}}');
    const tool = join(root, 'node_modules', '@mapbox', 'node-pre-gyp', 'bin');
    mkdirSync(tool, { recursive: true });
    writeFileSync(join(tool, 'node-pre-gyp'), 'console.error("no compiler here"); process.exit(1);');

    const bin = join(root, 'bin');
    mkdirSync(bin);
    symlinkSync('/bin/sh', join(bin, 'sh'));
    for (const [name, script] of Object.entries(commands)) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(bin, name), 0o755);
    }
    const { settings } = readSettings({ PATH: bin, XDG_CACHE_HOME: join(root, 'cache'), ...env });
    return { ...settings, workspace: root, towers: join(root, 'packages', 'towers') };
  }

  /** @returns {string} a LIBTENSORFLOW_DIR with the right names in it, and nothing that could be loaded */
  function hollowLibrary() {
    const folder = join(root, 'tf');
    mkdirSync(join(folder, 'include', 'tensorflow', 'c'), { recursive: true });
    for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2', 'include/tensorflow/c/c_api.h']) {
      writeFileSync(join(folder, name), '');
    }
    return folder;
  }

  it('does nothing when the user wants no native runtime', async () => {
    expect(await setUpRuntime(bareMachine({ VECTOR_RECALL_SKIP_NATIVE: '1' }))).toEqual({
      runtime: 'wasm',
      reason: 'VECTOR_RECALL_SKIP_NATIVE is set',
      remedy: 'unset it and run "npx vector-recall-setup"',
    });
  });

  it('respects that npm leaves out optional dependencies', async () => {
    expect(await setUpRuntime(bareMachine({ npm_config_omit: 'optional' }))).toMatchObject({
      runtime: 'wasm',
      reason: 'npm was told to omit optional dependencies',
    });
  });

  it('names a LIBTENSORFLOW_DIR that holds none', async () => {
    expect(await setUpRuntime(bareMachine({ LIBTENSORFLOW_DIR: root }))).toMatchObject({
      runtime: 'wasm',
      reason: expect.stringContaining(`LIBTENSORFLOW_DIR (${root}) holds no libtensorflow.so.2`),
    });
  });

  it('gives the reason of the build and says what to install', async () => {
    expect(await setUpRuntime(bareMachine({ LIBTENSORFLOW_DIR: hollowLibrary() }))).toEqual({
      runtime: 'wasm',
      reason: 'the addon could not be built (no compiler here)',
      remedy: expect.stringContaining('install a C++ compiler, make and Python'),
    });
  });

  describe('without a library', () => {
    /** Keeps the stock script's host unreachable, so that the wheel is next on every machine. */
    const offline = { https_proxy: 'http://127.0.0.1:9' };

    it('says that there is no pip', async () => {
      expect(await setUpRuntime(bareMachine(offline))).toMatchObject({
        runtime: 'wasm',
        reason: 'there is no pip to fetch it with',
      });
    });

    it('gives the reason of pip', async () => {
      const pip = '[ "$1" = --version ] && exit 0; echo "ERROR: No matching distribution found" >&2; exit 1';
      expect(await setUpRuntime(bareMachine(offline, { pip3: pip }))).toMatchObject({
        runtime: 'wasm',
        reason: 'pip could not fetch tensorflow-cpu==2.21.0 (ERROR: No matching distribution found)',
      });
    });
  });

  it('never fails the install, and says in a line each what is lost and how to get it back', () => {
    const env = { PATH: process.env.PATH, VECTOR_RECALL_SKIP_NATIVE: '1' };
    expect(execFileSync(process.execPath, [main], { env, encoding: 'utf8' })).toBe(
      'vector-recall: native TensorFlow was not set up: VECTOR_RECALL_SKIP_NATIVE is set. ' +
        'Training runs on WASM, several times slower. To get it back, unset it and run "npx vector-recall-setup".\n' +
        'vector-recall: the native index engine was not built: VECTOR_RECALL_SKIP_NATIVE is set. Indexes are searched ' +
        'by hnswlib-node, several times slower. To get it, unset it, then run "npx vector-recall-setup".\n',
    );
  });

  it('goes on without when the cache cannot be written', async () => {
    const cache = join(root, 'a-file');
    writeFileSync(cache, '');
    expect(
      await setUpRuntime(bareMachine({ XDG_CACHE_HOME: cache, LIBTENSORFLOW_DIR: hollowLibrary() })),
    ).toMatchObject({ runtime: 'wasm', reason: expect.stringContaining('ENOTDIR') });
  });
});
