/** A row of a list, and how near it is: the cosine in [-1, 1]. */
export interface Near {
  readonly row: number;
  readonly cosine: number;
}

/**
 * The vectors nearest to one, nearest first. Empty vectors, of items that the catalogue does not hold, are near nothing.
 * @param vector `[dim]`
 * @param others `[dim]` each
 */
export function nearest(vector: readonly number[], others: readonly (readonly number[])[], most: number): Near[] {
  return others
    .map((other, row) => ({ row, cosine: cosine(vector, other) }))
    .filter(({ cosine: likeness }) => !Number.isNaN(likeness))
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, most);
}

/** NaN where a vector is empty or has no length. */
function cosine(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Number.NaN;
  let dot = 0;
  let squareA = 0;
  let squareB = 0;
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i];
    squareA += a[i] ** 2;
    squareB += b[i] ** 2;
  }
  return dot / Math.sqrt(squareA * squareB);
}
