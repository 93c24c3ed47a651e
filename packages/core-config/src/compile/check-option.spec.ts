import { ConfigError } from '../errors';
import { useConfigFolder } from '../testing/config-folder';
import { compileConfig } from './compile-config';

const { messageOf } = useConfigFolder();

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
