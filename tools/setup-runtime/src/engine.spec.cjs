// @ts-check
'use strict';

const { setUpEngine } = require('./engine.cjs');
const { readSettings } = require('./settings.cjs');

/** @param {NodeJS.ProcessEnv} env */
const settings = (env) => readSettings({ ...process.env, ...env }).settings;

describe('setUpEngine', () => {
  it('says that it is there', async () => {
    expect(await setUpEngine(settings({}))).toBe('vector-recall: the native index engine is ready.');
  });

  it('goes on without a compiler, and says what to do', async () => {
    expect(await setUpEngine(settings({ CXX: '/nowhere/c++' }))).toBe(
      'vector-recall: the native index engine was not built: the C++ compiler /nowhere/c++ cannot be run. ' +
        'Indexes are searched by hnswlib-node, several times slower. To get it, install a C++ compiler ' +
        '(Debian: build-essential), then run "npx vector-recall-setup".',
    );
  });

  it('leaves it out when it is told to', async () => {
    expect(await setUpEngine(settings({ VECTOR_RECALL_SKIP_NATIVE: '1' }))).toContain(
      'was not built: VECTOR_RECALL_SKIP_NATIVE is set.',
    );
  });
});
