import { writeNpy } from '@vector-recall/model-store';
import { runJson } from '../cli';
import { indexBuildSchema } from '../contract';

/** `FAULTS=whole` runs all of it, as `nx run recall-server:fault-test` does; otherwise it takes some seconds. */
export const isWhole = process.env['FAULTS'] === 'whole';

/** A limit for hangs. */
export const FAULTS_TIMEOUT_MS = isWhole ? 3_600_000 : 600_000;

export const DIM = 8;

/** Uniform draws in (0, 1), by the generator of Park and Miller. */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Vectors of {@link DIM} dimensions. */
export function vectorsBy(draw: () => number): () => Float32Array {
  return () => Float32Array.from({ length: DIM }, () => draw() - 0.5);
}

/** Builds a store of some items with ids from 0. @returns its version */
export async function buildStore(store: string, items: number, vector: () => Float32Array): Promise<string> {
  const values = new Float32Array(items * DIM);
  for (let item = 0; item < items; item++) values.set(vector(), item * DIM);
  const file = `${store}.npy`;
  await writeNpy(file, values, [items, DIM]);
  const build = ['index', 'build', '--vectors', file, '--out', store, '--m', '8'];
  return (await runJson(indexBuildSchema, build)).artifact.version;
}
