import { compileConfig } from '../compile/compile-config';
import type { FlagValues } from '../compile/flags';
import { flagsOf } from './command-flags';

describe('flagsOf', () => {
  it('names nothing that is as the default has it', () => {
    expect(flagsOf(compileConfig())).toEqual([]);
  });

  it('names what differs, whether a flag, a preset or a variable said so', () => {
    const config = compileConfig({ flags: { lr: '0.01' }, env: { VECTOR_RECALL_BATCH_SIZE: '64' }, auto: 'linear' });
    expect(flagsOf(config)).toEqual([
      ['preset', 'linear'],
      ['batch-size', '64'],
      ['lr', '0.01'],
    ]);
  });

  it.each<[string, FlagValues]>([
    ['an option below its preset', { preset: 'sequential', 'embedding-dim': '128', epochs: '5' }],
    ['an index preset', { 'index-preset': 'highRecall', 'hnsw-m': '24' }],
    ['a target recall', { 'target-recall': '0.9' }],
    ['lists and switches', { 'hidden-dims': '', cutoffs: '10,50', 'skip-benchmark': true }],
    ['a folder with a space', { data: 'files:my log', 'min-user-interactions': '3' }],
  ])('compiles to the same options again: %s', (_, flags) => {
    const config = compileConfig({ flags });
    const { preset } = config.training;
    expect(compileConfig({ flags: Object.fromEntries(flagsOf(config)) })).toEqual(config);
    expect(
      flagsOf(config)
        .map(([flag]) => flag)
        .includes('preset'),
    ).toBe(preset !== 'auto');
  });
});
