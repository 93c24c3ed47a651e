import { describeItem, type Catalogue } from '@vector-recall/model-store';
import { mostFrequentItems } from './most-frequent-items';
import { embedNeighbours } from './neighbour-embedding';

/** A place on the map, with what tells items apart by eye. */
export interface MapPoint {
  /** In [-1, 1] */
  readonly x: number;
  /** In [-1, 1] */
  readonly y: number;
  readonly category?: string;
}

/** Item vectors in two dimensions: items that are near each other are recommended to the same users. */
export interface ItemMapReport {
  /** The items with the most events: their vectors are the best trained. */
  readonly points: readonly MapPoint[];
}

/** More would hide each other, and the time grows with the square. */
const MOST_POINTS = 400;

/** Three digits are less than a pixel. */
const DIGITS = 3;

/**
 * @param vectors `[items, dim]`
 * @returns `undefined` where fewer than three items have events
 */
export function mapItems(catalogue: Catalogue, vectors: Float32Array, dim: number): ItemMapReport | undefined {
  const rows = mostFrequentItems(catalogue, MOST_POINTS);
  if (rows.length < 3) return undefined;
  const sample = new Float32Array(rows.length * dim);
  rows.forEach((row, n) => {
    sample.set(vectors.subarray(row * dim, (row + 1) * dim), n * dim);
  });
  const points = embedNeighbours(sample, dim);
  const placeOnX = scaleOf(points.filter((_, at) => at % 2 === 0));
  const placeOnY = scaleOf(points.filter((_, at) => at % 2 === 1));
  return {
    points: rows.map((row, n) => {
      const { category } = describeItem(catalogue, row);
      const at = { x: placeOnX(points[n * 2]), y: placeOnY(points[n * 2 + 1]) };
      return category === undefined ? at : { ...at, category };
    }),
  };
}

/** Brings values to [-1, 1]; where they are all the same, to 0. */
function scaleOf(values: Float64Array): (value: number) => number {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const [middle, reach] = [(least + most) / 2, (most - least) / 2 || 1];
  // A sum with zero is never -0, which JSON does not have.
  return (value) => Number(((value - middle) / reach).toFixed(DIGITS)) + 0;
}
