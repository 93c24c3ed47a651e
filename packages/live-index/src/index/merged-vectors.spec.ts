import { mergedVectors } from './merged-vectors';

const DIM = 4;
const vectorOf = (row: number, version: number): Float32Array => new Float32Array(DIM).fill(row + version / 4);

/** Sources of `storedRows` vectors, of which every third has changed; counts the rows read in each turn of the event loop. */
function sourcesOf(storedRows: number): Parameters<typeof mergedVectors>[1] & { readonly readPerTurn: number[] } {
  const changed = new Map<number, Float32Array>();
  for (let row = 0; row < storedRows; row += 3) changed.set(row, vectorOf(row, 1));
  const readPerTurn: number[] = [0];
  const nextTurn = (): void => {
    if (readPerTurn.length === 4000) return;
    readPerTurn.push(0);
    setImmediate(nextTurn);
  };
  setImmediate(nextTurn);
  const readStored = (first: number, into: Float32Array): Promise<void> => {
    for (let i = 0; i < into.length / DIM; i++) into.set(vectorOf(first + i, 0), i * DIM);
    readPerTurn[readPerTurn.length - 1] += into.length / DIM;
    return Promise.resolve();
  };
  return { dim: DIM, changed, storedRows, readStored, readPerTurn };
}

it('takes each vector from where it is', async () => {
  const sources = sourcesOf(100);
  const { vectors, changed } = await mergedVectors(Int32Array.of(4, 5, 7, 6, 200, 99, 10), sources);
  const rows = Array.from({ length: 7 }, (_, label) => vectors.subarray(label * DIM, (label + 1) * DIM));
  expect(rows).toEqual([
    vectorOf(4, 0),
    vectorOf(5, 0),
    vectorOf(7, 0),
    vectorOf(6, 1),
    new Float32Array(DIM).fill(1),
    vectorOf(99, 1),
    vectorOf(10, 0),
  ]);
  expect([...changed.keys()]).toEqual([3, 5]);
});

it('lets the event loop turn, also where rows that have changed lie between the others', async () => {
  const sources = sourcesOf(30_000);
  await mergedVectors(
    Int32Array.from({ length: 30_000 }, (_, row) => row),
    sources,
  );
  expect(sources.readPerTurn.reduce((sum, rows) => sum + rows, 0)).toBe(20_000);
  expect(Math.max(...sources.readPerTurn)).toBeLessThanOrEqual(512);
});

it('takes no memory that V8 counts', async () => {
  const { external } = process.memoryUsage();
  const { vectors } = await mergedVectors(
    Int32Array.from({ length: 300_000 }, (_, row) => row),
    sourcesOf(0),
  );
  expect(process.memoryUsage().external - external).toBeLessThan(vectors.byteLength / 2);
});
