import type { Space } from '@vector-recall/hnsw-index';
import { RandomStream } from '@vector-recall/random';

/** Vectors of one kind, and queries as they are asked of such vectors. */
export interface VectorSet {
  readonly name: string;
  readonly space: Space;
  readonly dim: number;
  /** `[rows, dim]` */
  readonly items: Float32Array;
  /** `[queries, dim]` */
  readonly queries: Float32Array;
}

interface Recipe {
  readonly name: string;
  readonly space: Space;
  readonly dim: number;
  readonly draw: (rows: number, random: RandomStream) => Float32Array;
  /** Applied to the items alone. */
  readonly spoil?: (items: Float32Array, dim: number, random: RandomStream) => void;
}

const CENTRES = 200;

/** Points about centres of which each differs from the others in all dimensions, as those of trained towers do. */
function clustered(dim: number, spread: number, centres = CENTRES): Recipe['draw'] {
  const random = new RandomStream(11, 'centres');
  const places = Float32Array.from({ length: centres * dim }, () => random.normal());
  return (rows, draws) => {
    const values = new Float32Array(rows * dim);
    for (let row = 0; row < rows; row++) {
      const at = draws.integer(centres) * dim;
      for (let d = 0; d < dim; d++) values[row * dim + d] = places[at + d] + spread * draws.normal();
    }
    return values;
  };
}

/** Normal values, those of dimension d as wide as `width(d)`. */
function normal(dim: number, width: (d: number) => number): Recipe['draw'] {
  return (rows, random) => Float32Array.from({ length: rows * dim }, (_, i) => width(i % dim) * random.normal());
}

function scaleRow(values: Float32Array, dim: number, row: number, factor: number): void {
  for (let i = row * dim; i < (row + 1) * dim; i++) values[i] *= factor;
}

const outlier: Recipe['spoil'] = (items, dim) => {
  scaleRow(items, dim, 7, 100);
};

const recipes: readonly Recipe[] = [
  { name: 'clustered as trained ones, `cosine`', space: 'cosine', dim: 128, draw: clustered(128, 0.6) },
  { name: 'one vector × 100, `l2`', space: 'l2', dim: 64, draw: clustered(64, 0.6), spoil: outlier },
  { name: 'one vector × 100, `ip`', space: 'ip', dim: 64, draw: clustered(64, 0.6), spoil: outlier },
  { name: 'one dimension × 30, `l2`', space: 'l2', dim: 32, draw: normal(32, (d) => (d === 0 ? 30 : 1)) },
  { name: '1/k spectrum, `l2`', space: 'l2', dim: 96, draw: normal(96, (d) => 1 / (d + 1)) },
  {
    name: 'log-normal lengths, `ip`',
    space: 'ip',
    dim: 64,
    draw: clustered(64, 0.6),
    spoil: (items, dim, random) => {
      for (let row = 0; row < items.length / dim; row++) scaleRow(items, dim, row, Math.exp(random.normal()));
    },
  },
  {
    name: 'each vector 100 times, `cosine`',
    space: 'cosine',
    dim: 64,
    draw: clustered(64, 0.6),
    spoil: (items, dim) => {
      const copied = Math.ceil(items.length / dim / 100) * dim;
      for (let i = copied; i < items.length; i++) items[i] = items[i % copied];
    },
  },
  { name: '768 dimensions, `cosine`', space: 'cosine', dim: 768, draw: clustered(768, 0.6) },
  { name: '2 clusters, radius 0.01, `l2`', space: 'l2', dim: 64, draw: clustered(64, 0.01, 2) },
];

export const vectorSets: readonly string[] = recipes.map(({ name }) => name);

/** @param name one of {@link vectorSets} */
export function drawVectors(name: string, rows: number, queries: number): VectorSet {
  const recipe = recipes.find((one) => one.name === name);
  if (recipe === undefined)
    throw new RangeError(`There are no vectors named ${name}; the sets are ${vectorSets.join('; ')}.`);
  const { space, dim, draw, spoil } = recipe;
  const random = new RandomStream(5, name);
  const items = draw(rows, random);
  spoil?.(items, dim, random);
  return { name, space, dim, items, queries: draw(queries, random) };
}
