import { ConfigError } from '../errors';
import { hnswPresets } from '../sections/hnsw';
import { useConfigFolder } from '../testing/config-folder';
import { compileConfig, givenOptions } from './compile-config';

const { fileWith } = useConfigFolder();

describe('layers', () => {
  it('let the flag win over the environment, the environment over the file', () => {
    const file = fileWith('training:\n  batchSize: 100\n  epochs: 7\n  learningRate: 0.5\n');
    const env = { VECTOR_RECALL_BATCH_SIZE: '200', VECTOR_RECALL_EPOCHS: '8' };
    const { training } = compileConfig({ file, env, flags: { batch_size: '300' } });
    expect([training.batchSize, training.epochs, training.learningRate]).toEqual([300, 8, 0.5]);
  });

  it('take the stored options of an artifact in place of the defaults', () => {
    const base = compileConfig({ flags: { epochs: '9', 'index-preset': 'highRecall' } });
    const config = compileConfig({ base, flags: { 'ef-search': '77' } });
    expect(config.training.epochs).toBe(9);
    expect(config.hnsw).toEqual({ ...hnswPresets.highRecall, preset: 'highRecall', efSearch: 77, targetRecall: 0.95 });
  });

  it('give back a stored config unchanged', () => {
    const base = compileConfig({ flags: { 'hidden-dims': '', 'hnsw-m': '24', data: 'files:here' } });
    expect(compileConfig({ base })).toEqual(base);
  });

  it.each(['highRecall', 'lowLatency', 'balanced'] as const)('fill the index from the preset %s', (preset) => {
    const { hnsw } = compileConfig({ flags: { 'index-preset': preset } });
    expect(hnsw).toEqual({ preset, ...hnswPresets[preset], targetRecall: 0.95 });
  });

  it('let a value given by hand win over a preset that is given later', () => {
    const file = fileWith('hnsw: { m: 24 }');
    expect(compileConfig({ file, flags: { 'index-preset': 'highRecall' } }).hnsw).toEqual({
      preset: 'highRecall',
      m: 24,
      efConstruction: 400,
      efSearch: 200,
      targetRecall: 0.95,
    });
  });

  it('let a target recall win over the search of a preset and of an artifact, and efSearch over both', () => {
    const base = compileConfig({ flags: { 'index-preset': 'highRecall' } });
    const target = { 'target-recall': '0.99' };
    expect(compileConfig({ base, flags: target }).hnsw).toMatchObject({ m: 32, efSearch: 0, targetRecall: 0.99 });
    expect(compileConfig({ flags: { ...target, 'index-preset': 'lowLatency' } }).hnsw.efSearch).toBe(0);
    expect(compileConfig({ flags: { ...target, 'ef-search': '70' } }).hnsw.efSearch).toBe(70);
  });

  it('let a new preset win over what is stored with an artifact', () => {
    const base = compileConfig({ flags: { 'hnsw-m': '24' } });
    expect(compileConfig({ base, flags: { 'index-preset': 'lowLatency' } }).hnsw.m).toBe(12);
  });

  it('read JSON as well as YAML', () => {
    const file = fileWith('{\n\t"model": { "hiddenDims": [64, 32] }\n}', 'run.json');
    expect(compileConfig({ file }).model.hiddenDims).toEqual([64, 32]);
  });

  it.each(['', '# nothing yet\n', 'training:\n', 'training: {}\n'])('take the defaults from the file %j', (text) => {
    expect(compileConfig({ file: fileWith(text) })).toEqual(compileConfig());
  });

  it.each([
    ['true', true],
    ['1', true],
    ['yes', true],
    ['FALSE', false],
    ['0', false],
  ])('read the boolean %s', (text, value) => {
    expect(compileConfig({ env: { VECTOR_RECALL_SKIP_BENCHMARK: text } }).runtime.skipBenchmark).toBe(value);
  });

  it('leave an empty environment variable and foreign names alone', () => {
    expect(compileConfig({ env: { VECTOR_RECALL_EPOCHS: '', VECTOR_RECALL_OTHER: 'x' } })).toEqual(compileConfig());
  });
});

describe('the training preset', () => {
  it.each(['recency', 'sequential'] as const)('is %s where the data has chosen it', (preset) => {
    expect(compileConfig({ auto: preset }).training.preset).toBe(preset);
    expect(compileConfig({ auto: preset, flags: { preset: 'auto' } }).training.preset).toBe(preset);
  });

  it('stays open while the data has not chosen', () => {
    const { training } = compileConfig();
    expect([training.preset, training.negatives]).toEqual(['auto', 'in-batch']);
  });

  it('fills what is not given, and yields to what is, and to a preset by name first', () => {
    const filled = compileConfig({ auto: 'recency', flags: { 'history-encoder': 'mean' } });
    expect([filled.model.historyEncoder, filled.model.historyLength]).toEqual(['mean', 100]);
    const named = compileConfig({ auto: 'recency', flags: { preset: 'sequential' } });
    expect([named.training.preset, named.model.trunk]).toEqual(['sequential', 'sum']);
  });

  it('leaves stored options alone, unless it is asked for', () => {
    const base = compileConfig({ auto: 'recency', flags: { 'history-length': '7' } });
    expect(compileConfig({ base, auto: 'two-layer' })).toEqual(base);
    expect(compileConfig({ base, flags: { preset: 'sequential' } }).model.historyLength).toBe(100);
  });
});

describe('givenOptions', () => {
  it('holds what was given and nothing else, the later source winning', () => {
    const file = fileWith('training: { epochs: 3, batchSize: 64 }\ndata: { source: "files:log" }\n');
    const given = givenOptions({ file, env: { VECTOR_RECALL_LR: '0.01' }, flags: { epochs: '9' } });
    expect(given).toEqual({
      training: { epochs: 9, batchSize: 64, learningRate: 0.01 },
      data: { source: 'files:log' },
    });
    expect(givenOptions({})).toEqual({});
  });

  it('refuses what compileConfig refuses', () => {
    expect(() => givenOptions({ flags: { epochs: '0' } })).toThrow(ConfigError);
  });
});
