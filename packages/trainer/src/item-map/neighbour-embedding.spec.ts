import { RandomStream } from '@vector-recall/random';
import { embedNeighbours } from './neighbour-embedding';

const DIM = 8;
const GROUPS = 4;
const COUNT = 120;

/** Row n belongs to group n mod 4, around a corner of its own. */
function groupedRows(): Float32Array {
  const random = new RandomStream(6);
  return Float32Array.from({ length: COUNT * DIM }, (_, at) => {
    const isCorner = at % DIM === Math.floor(at / DIM) % GROUPS;
    return (isCorner ? 1 : 0) + 0.2 * random.normal();
  });
}

function nearestOf(points: Float64Array, row: number): number {
  const distance = (other: number): number =>
    other === row
      ? Infinity
      : (points[2 * row] - points[2 * other]) ** 2 + (points[2 * row + 1] - points[2 * other + 1]) ** 2;
  return Array.from({ length: COUNT }, (_, n) => n).reduce((a, b) => (distance(b) < distance(a) ? b : a));
}

describe('embedNeighbours', () => {
  it('keeps the rows of a group together', () => {
    const points = embedNeighbours(groupedRows(), DIM);
    const rows = Array.from({ length: COUNT }, (_, n) => n);
    const together = rows.filter((row) => nearestOf(points, row) % GROUPS === row % GROUPS);
    // Chance would keep a quarter together.
    expect(together.length / COUNT).toBeGreaterThan(0.95);
  });

  it('gives the same picture for the same rows', () => {
    expect(embedNeighbours(groupedRows(), DIM)).toEqual(embedNeighbours(groupedRows(), DIM));
  });

  it.each([
    ['three rows', 3],
    ['ten rows that are all the same', 10],
  ])('stands %s', (_, count) => {
    const points = embedNeighbours(new Float32Array(count * 2).fill(0.5), 2);
    expect(points).toHaveLength(2 * count);
    expect(points.every(Number.isFinite)).toBe(true);
  });
});
