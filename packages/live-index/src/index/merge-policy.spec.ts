import { BLOCK_VECTORS, decideMerge, type IndexStats } from './merge-policy';

const full = { living: BLOCK_VECTORS, isFull: true };
const open = { living: 10, isFull: false };
const stats = (changes: Partial<IndexStats>): IndexStats => {
  return { base: 1_000_000, baseDead: 0, baseUpdated: 0, graphs: [], blocks: [open], ...changes };
};

it.each<[string, Partial<IndexStats>, ReturnType<typeof decideMerge>]>([
  ['leaves a block that is not full', {}, { kind: 'none' }],
  ['makes a graph of a full block', { blocks: [full, open] }, { kind: 'join', blocks: 1, graphs: 0 }],
  ['leaves a large graph alone', { blocks: [full], graphs: [8192] }, { kind: 'join', blocks: 1, graphs: 0 }],
  [
    'joins a graph of the same size',
    { blocks: [full], graphs: [10_000, 2048] },
    { kind: 'join', blocks: 1, graphs: 1 },
  ],
  [
    'joins graphs that become one as large',
    { blocks: [full], graphs: [8192, 4096] },
    { kind: 'join', blocks: 1, graphs: 2 },
  ],
  [
    'joins where there are many',
    { blocks: [full], graphs: [60_000, 20_000, 3000, 2048] },
    { kind: 'join', blocks: 1, graphs: 2 },
  ],
  ['updates the base when a tenth came anew', { graphs: [99_990] }, { kind: 'update' }],
  ['updates it when a tenth has gone', { base: 900_000, baseDead: 100_000 }, { kind: 'update' }],
  ['rebuilds when a third came anew', { graphs: [333_000] }, { kind: 'rebuild' }],
  ['updates while three tenths have changed at most', { graphs: [99_990], baseUpdated: 200_000 }, { kind: 'update' }],
  [
    'rebuilds when more than three tenths have changed',
    { graphs: [99_990], baseUpdated: 200_001 },
    { kind: 'rebuild' },
  ],
  ['does not update a small base for a few changes', { base: 100, blocks: [open] }, { kind: 'none' }],
  ['has nothing to build of nothing', { base: 0, baseDead: 5000, blocks: [] }, { kind: 'none' }],
])('%s', (_, changes, merge) => {
  expect(decideMerge(stats(changes))).toEqual(merge);
});

it('builds a vector into graphs a logarithmic number of times', () => {
  const graphs: number[] = [];
  let built = 0;
  for (let i = 0; i < 40; i++) {
    const merge = decideMerge(stats({ graphs, blocks: [full] }));
    if (merge.kind !== 'join') throw new Error('A block that is full becomes part of a graph.');
    const joined = graphs.splice(graphs.length - merge.graphs).reduce((sum, rows) => sum + rows, BLOCK_VECTORS);
    built += joined;
    graphs.push(joined);
    expect(graphs.length).toBeLessThanOrEqual(4);
  }
  expect(built / (40 * BLOCK_VECTORS)).toBeLessThan(8);
});
