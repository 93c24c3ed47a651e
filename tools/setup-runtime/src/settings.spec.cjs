// @ts-check
'use strict';

const { homedir } = require('node:os');
const { join } = require('node:path');
const { readSettings } = require('./settings.cjs');

describe('readSettings', () => {
  it('keeps the cache where the user keeps caches', () => {
    expect(readSettings({}).settings.cache).toBe(join(homedir(), '.cache', 'vector-recall', 'runtime'));
    expect(readSettings({ XDG_CACHE_HOME: '/caches' }).settings.cache).toBe('/caches/vector-recall/runtime');
    expect(readSettings({ XDG_CACHE_HOME: 'caches' }).settings.cache).toBe(
      join(homedir(), '.cache', 'vector-recall', 'runtime'),
    );
  });

  it.each([
    ['1', true],
    ['true', true],
    ['', false],
    ['0', false],
  ])('VECTOR_RECALL_SKIP_NATIVE=%s', (value, skip) => {
    expect(readSettings({ VECTOR_RECALL_SKIP_NATIVE: value }).settings.skip).toBe(skip);
  });

  it('sees that npm leaves out optional dependencies', () => {
    expect(readSettings({ npm_config_omit: 'dev optional' }).settings.omitOptional).toBe(true);
    expect(readSettings({ npm_config_omit: 'dev' }).settings.omitOptional).toBe(false);
  });

  it('takes a relative LIBTENSORFLOW_DIR from where the user stands, not from where npm runs the script', () => {
    const { settings } = readSettings({ LIBTENSORFLOW_DIR: 'tf', INIT_CWD: '/home/user' });
    expect(settings.libtensorflowDir).toBe('/home/user/tf');
  });

  it('says which word it does not know, and goes on with the default', () => {
    const { settings, warnings } = readSettings({ VECTOR_RECALL_TENSORFLOW: 'rocm' });
    expect(settings.variant).toBe('cpu');
    expect(warnings).toEqual([
      'vector-recall: VECTOR_RECALL_TENSORFLOW must be cpu or cuda, not "rocm"; cpu is taken.',
    ]);
  });
});
