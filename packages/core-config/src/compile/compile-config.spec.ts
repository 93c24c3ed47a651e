import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../errors';
import { hnswPresets } from '../sections/hnsw';
import { compileConfig, givenOptions } from './compile-config';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function fileWith(text: string, name = 'run.yaml'): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** The message with the folder of this test taken out. */
function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error.message.replaceAll(`${folder}/`, '');
  }
  throw new Error('nothing was thrown');
}

describe('defaults', () => {
  it('are the ones that are documented', () => {
    expect(compileConfig()).toMatchInlineSnapshot(`
     {
       "data": {
         "minUserInteractions": 1,
         "numInteractions": 500000,
         "numItems": 100000,
         "numUsers": 10000,
         "repeats": "auto",
         "source": "synthetic",
       },
       "evaluation": {
         "cutoffs": [
           10,
           20,
           100,
           500,
         ],
         "maxUsers": 0,
       },
       "hnsw": {
         "efConstruction": 200,
         "efSearch": 0,
         "m": 16,
         "preset": "balanced",
         "targetRecall": 0.95,
       },
       "model": {
         "categoryDim": 32,
         "dropout": 0.1,
         "embeddingDim": 128,
         "featureDim": 64,
         "halfLives": [
           1,
           4,
           16,
         ],
         "hiddenDims": [
           256,
           128,
         ],
         "historyBlocks": 1,
         "historyDim": 64,
         "historyDropout": 0.3,
         "historyEncoder": "mean",
         "historyHeads": 2,
         "historyLength": 20,
         "idDim": 64,
         "itemIdStart": "attributes",
         "tagDim": 32,
         "trunk": "layers",
       },
       "runtime": {
         "backend": "auto",
         "benchmarkQueries": 1000,
         "benchmarkTopK": 500,
         "output": "artifacts",
         "promote": "auto",
         "seeds": 1,
         "skipBenchmark": false,
       },
       "server": {
         "adminHost": "127.0.0.1",
         "adminPort": 50052,
         "artifacts": "artifacts",
         "canaryShare": "0%",
         "changes": "",
         "console": false,
         "drainTimeoutMs": 15000,
         "host": "0.0.0.0",
         "httpPort": 0,
         "keepaliveTimeMs": 60000,
         "keepaliveTimeoutMs": 20000,
         "latencyTargetMs": 15,
         "live": "",
         "liveRecallEvery": 0,
         "loadTimeoutMs": 600000,
         "logLevel": "info",
         "logServed": "",
         "logServedMaxMib": 1024,
         "logServedShare": 1,
         "maxBatch": 256,
         "maxCallsPerConnection": 64,
         "maxConnectionAgeMs": 0,
         "maxConnectionIdleMs": 600000,
         "maxConnections": 1000,
         "maxEfSearch": 2000,
         "maxIds": 10000,
         "maxInFlight": 256,
         "maxTopK": 1000,
         "metricsHost": "0.0.0.0",
         "metricsPort": 9464,
         "port": 50051,
         "searchThreads": 0,
         "secretsRefreshMs": 10000,
         "serve": "",
         "standing": "",
         "tlsCert": "",
         "tlsClientCa": "",
         "tlsKey": "",
         "tokenFile": "",
         "transferTimeoutMs": 20000,
         "workers": 1,
       },
       "training": {
         "batchSize": 1024,
         "coldItems": 0,
         "coldUsers": 0,
         "earlyStoppingPatience": 3,
         "epochs": 5,
         "eventHalfLife": 0,
         "finalLearningRateFraction": 0.05,
         "gradientClipNorm": 1,
         "itemDropout": 0,
         "learningRate": 0.001,
         "logQCorrection": true,
         "maxSteps": 0,
         "negativeSamplingPower": 0,
         "negatives": "in-batch",
         "numNegatives": 10,
         "preset": "auto",
         "refit": false,
         "seed": 42,
         "sharedPoolSize": 1024,
         "split": "leave-last-out",
         "temperature": 0.1,
         "userDropout": 0.1,
         "validationUsers": 2000,
         "warmupFraction": 0.05,
         "weightDecay": 0,
       },
     }
    `);
  });

  it('are frozen down to the lists', () => {
    const config = compileConfig();
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.model)).toBe(true);
    expect(() => {
      config.model.hiddenDims.push(1);
    }).toThrow(TypeError);
  });

  it('are not shared between two compiled objects', () => {
    expect(compileConfig().model.hiddenDims).not.toBe(compileConfig().model.hiddenDims);
  });
});

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

describe('a wrong value', () => {
  it.each([
    [{ 'batch-size': '0' }, '--batch-size is 0, but it must be a whole number at least 2 and at most 1000000.'],
    [{ batch_size: '1.5' }, '--batch-size is 1.5, but it must be a whole number at least 2 and at most 1000000.'],
    [{ epochs: 'many' }, '--epochs is "many", but it must be a whole number at least 1 and at most 10000.'],
    [{ epochs: '' }, '--epochs is "", but it must be a whole number at least 1 and at most 10000.'],
    [{ epochs: true }, '--epochs is true, but it must be a whole number at least 1 and at most 10000.'],
    [{ lr: '0' }, '--lr is 0, but it must be a number above 0 and at most 10.'],
    [{ dropout: '1' }, '--dropout is 1, but it must be a number at least 0 and below 1.'],
    [{ 'gradient-clip-norm': '-1' }, '--gradient-clip-norm is -1, but it must be a number at least 0.'],
    [{ negatives: 'none' }, '--negatives is "none", but it must be one of sampled, in-batch, mixed, pool, full.'],
    [{ 'skip-benchmark': 'maybe' }, '--skip-benchmark is "maybe", but it must be true or false.'],
    [{ output: '' }, '--output is "", but it must be a text that is not empty.'],
    [
      { 'hidden-dims': '64,x' },
      '--hidden-dims is "64,x", but it must be a list of at most 8 whole numbers, each at least 2 and at most 8192.',
    ],
    [
      { cutoffs: '' },
      '--cutoffs is [], but it must be a list of whole numbers, each at least 1 and at most 10000, with at least one entry.',
    ],
    [
      { data: 'movielens' },
      '--data is "movielens", but it must be synthetic, movielens:DIR, recbole:DIR or files:DIR.',
    ],
  ])('in the flags %j is named with what is allowed', (flags, message) => {
    expect(messageOf(() => compileConfig({ flags }))).toBe(message);
  });

  it('in the environment names the variable', () => {
    expect(messageOf(() => compileConfig({ env: { VECTOR_RECALL_BACKEND: 'gpu' } }))).toBe(
      'VECTOR_RECALL_BACKEND is "gpu", but it must be one of auto, native, wasm, cpu.',
    );
  });

  it('carries a code and the path of the option', () => {
    let thrown: unknown;
    try {
      compileConfig({ flags: { lr: '-1' } });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ConfigError);
    expect(thrown).toMatchObject({ name: 'ConfigError', code: 'CONFIG_INVALID', path: 'training.learningRate' });
  });
});

describe('an unknown flag', () => {
  it.each([
    ['batchsize', 'There is no option --batchsize; did you mean --batch-size?'],
    ['epoch', 'There is no option --epoch; did you mean --epochs?'],
    ['num_user', 'There is no option --num-user; did you mean --num-users?'],
    ['frobnicate', 'There is no option --frobnicate; --help lists them all.'],
  ])('%s is refused with the nearest name', (flag, message) => {
    expect(messageOf(() => compileConfig({ flags: { [flag]: '1' } }))).toBe(message);
  });
});

describe('a config file', () => {
  it.each([
    [
      'training:\n  epochs: 2\n  batchSize: 1\n',
      'training.batchSize in run.yaml, line 3, is 1, but it must be a whole number at least 2 and at most 1000000.',
    ],
    [
      'model:\n  dropout: "0.5"\n',
      'model.dropout in run.yaml, line 2, is "0.5", but it must be a number at least 0 and below 1.',
    ],
    [
      'model:\n  dropout:\n',
      'model.dropout in run.yaml, line 2, is null, but it must be a number at least 0 and below 1.',
    ],
    [
      'training:\n  batchsize: 9\n',
      'run.yaml, line 2: there is no option training.batchsize; did you mean training.batchSize?',
    ],
    ['data:\n  epochs: 9\n', 'run.yaml, line 2: there is no option data.epochs; did you mean training.epochs?'],
    [
      'hnsw:\n  links: 9\n',
      'run.yaml, line 2: there is no option hnsw.links; hnsw holds preset, m, efConstruction, efSearch, targetRecall.',
    ],
    ['\ntrainning:\n  epochs: 9\n', 'run.yaml, line 2: there is no section trainning; did you mean training?'],
    ['epochs: 9\n', 'run.yaml, line 1: there is no section epochs; put it under "training:".'],
    [
      'colour: red\n',
      'run.yaml, line 1: there is no section colour; the sections are data, model, training, evaluation, hnsw, runtime, server.',
    ],
    ['training: 5\n', 'run.yaml: training must hold keys and values, as in "training:".'],
    ['- 1\n', 'run.yaml: the file must hold keys and values, as in "training:".'],
    ['training:\n  epochs: 1\n  epochs: 2\n', 'run.yaml, line 3: the key epochs occurs twice; remove one.'],
    ['training:\n  epochs: 1\ntraining:\n', 'run.yaml, line 3: the key training occurs twice; remove one.'],
    [
      '__proto__:\n  epochs: 1\n',
      'run.yaml, line 1: there is no section __proto__; the sections are data, model, training, evaluation, hnsw, runtime, server.',
    ],
    [
      'toString: 1\n',
      'run.yaml, line 1: there is no section toString; the sections are data, model, training, evaluation, hnsw, runtime, server.',
    ],
    ['{ "training": { "epochs": 1 }\n', 'run.yaml, line 2: Flow map must end with a }.'],
  ])('%j is refused with its line', (text, message) => {
    expect(messageOf(() => compileConfig({ file: fileWith(text) }))).toBe(message);
  });

  it('that does not exist is named', () => {
    expect(messageOf(() => compileConfig({ file: join(folder, 'absent.yaml') }))).toBe(
      'absent.yaml does not exist; check the path.',
    );
  });

  it('that is a folder is named', () => {
    expect(messageOf(() => compileConfig({ file: join(folder, '.') }))).toMatch(
      /can't be read: it is a folder; give the path of a file\.$/,
    );
  });

  it('that is no text is refused', () => {
    const file = join(folder, 'latin1.yaml');
    writeFileSync(file, Buffer.from('# Größe\n', 'latin1'));
    expect(messageOf(() => compileConfig({ file }))).toBe(
      'The config file latin1.yaml is not UTF-8 text; save it as UTF-8.',
    );
  });

  it('that begins with a byte order mark is read', () => {
    expect(compileConfig({ file: fileWith('\uFEFFtraining:\n  epochs: 3\n') }).training.epochs).toBe(3);
  });

  it.each([
    ['10 MB', 10_000_000],
    ['a byte too many', 128 * 1024 + 1],
  ])('of %s is refused by its size', (_, length) => {
    expect(messageOf(() => compileConfig({ file: fileWith(`#${'x'.repeat(length - 1)}`) }))).toBe(
      'The config file run.yaml is larger than 128 KiB; give a smaller file.',
    );
  });

  it('of as many keys as fit is refused at its first key', () => {
    const keys = Array.from({ length: 10_000 }, (_, i) => `  k${i}: 1\n`).join('');
    expect(messageOf(() => compileConfig({ file: fileWith(`training:\n${keys}`) }))).toMatch(
      /^run\.yaml, line 2: there is no option training\.k0;/,
    );
  });

  it('of values nested without end is refused', () => {
    const text = `training: { epochs: ${'['.repeat(10_000)}${']'.repeat(10_000)} }`;
    expect(messageOf(() => compileConfig({ file: fileWith(text) }))).toMatch(/^run\.yaml, line 1: /);
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
