// @ts-check
'use strict';

const { mkdirSync, mkdtempSync, readlinkSync, realpathSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { dirname, join } = require('node:path');
const { linkLibraries, napiVersion } = require('./build.cjs');
const { fromFolder } = require('./libtensorflow.cjs');
const { cudaRequirements } = require('./wheel.cjs');

/** @type {string} */
let root;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'libtensorflow-')));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** @param {readonly string[]} paths */
function files(...paths) {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  }
}

describe('fromFolder', () => {
  it.each([
    [
      'the tarball of TensorFlow',
      ['lib/libtensorflow.so.2', 'lib/libtensorflow_framework.so.2', 'include/tensorflow/c/c_api.h'],
      'lib/libtensorflow.so.2',
    ],
    [
      'the tensorflow folder of a wheel',
      ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2', 'include/tensorflow/c/c_api.h'],
      'libtensorflow_cc.so.2',
    ],
    [
      'a folder that a wheel was unpacked into',
      [
        'tensorflow/libtensorflow_cc.so.2',
        'tensorflow/libtensorflow_framework.so.2',
        'tensorflow/include/tensorflow/c/c_api.h',
      ],
      'tensorflow/libtensorflow_cc.so.2',
    ],
  ])('reads %s', async (_, paths, library) => {
    files(...paths);
    expect((await fromFolder(root)).library).toBe(join(root, library));
  });

  it.each([
    ['nothing', []],
    ['no headers', ['lib/libtensorflow.so.2', 'lib/libtensorflow_framework.so.2']],
    ['no framework library', ['lib/libtensorflow.so.2', 'include/tensorflow/c/c_api.h']],
  ])('says what it looks for in a folder with %s', async (_, paths) => {
    files(...paths);
    await expect(fromFolder(root)).rejects.toMatchObject({
      message: `LIBTENSORFLOW_DIR (${root}) holds no libtensorflow.so.2 with its headers`,
      remedy: expect.stringContaining('unpacked libtensorflow tarball (lib/ and include/) or wheel (tensorflow/)'),
    });
  });
});

describe('linkLibraries', () => {
  it('gives each library the name for the linker and its own for the loader', async () => {
    files('libtensorflow_cc.so.2', 'libtensorflow_framework.so.2', 'include/tensorflow/c/c_api.h');
    const deps = join(root, 'deps');
    await linkLibraries(deps, await fromFolder(root));
    const targetOf = (/** @type {string} */ name) => readlinkSync(join(deps, 'lib', name));
    expect(targetOf('libtensorflow.so')).toBe(join(root, 'libtensorflow_cc.so.2'));
    expect(targetOf('libtensorflow_cc.so.2')).toBe(join(root, 'libtensorflow_cc.so.2'));
    expect(targetOf('libtensorflow_framework.so')).toBe(join(root, 'libtensorflow_framework.so.2'));
    expect(targetOf('libtensorflow_framework.so.2')).toBe(join(root, 'libtensorflow_framework.so.2'));
    expect(readlinkSync(join(deps, 'include'))).toBe(join(root, 'include'));
  });
});

describe('napiVersion', () => {
  it('is the newest that both the addon and this Node know', () => {
    const addon = { folder: '', version: '4.22.0', napiVersions: [3, 8, 1000] };
    expect(napiVersion(addon)).toBe(8);
  });
});

describe('cudaRequirements', () => {
  it('takes the libraries of the extra out of a wheel, and nothing else', async () => {
    const metadata = join(root, 'METADATA');
    writeFileSync(
      metadata,
      [
        'Name: tensorflow',
        'Requires-Dist: numpy>=1.26.0',
        'Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"',
        "Requires-Dist: nvidia-cudnn-cu12 (<10.0,>=9.3.0.75) ; extra == 'and-cuda'",
        'Requires-Dist: nvidia-other; extra == "profiling"',
      ].join('\n'),
    );
    expect(await cudaRequirements(metadata)).toEqual([
      'nvidia-cublas-cu12<13.0,>=12.5.3.2',
      'nvidia-cudnn-cu12<10.0,>=9.3.0.75',
    ]);
  });
});
