import { splitWords, wordVectors } from './word-vectors';

// Two dimensions, then the length and the number of the word.
const words = wordVectors.parse({
  dimensions: 2,
  vectors: { the: [1, 2, 9, 0], of: [3, 4, 9, 1], to: [5, 6, 9, 2], and: [7, 8, 9, 3] },
});

describe('splitWords', () => {
  it('holds out words at even distances and keeps the rest in order', () => {
    const { dim, vectors, queries } = splitWords(words, 2);
    expect(dim).toBe(2);
    expect(queries).toEqual(Float32Array.of(1, 2, 5, 6));
    expect(vectors).toEqual(Float32Array.of(3, 4, 7, 8));
  });

  it.each([0, 4])('refuses to hold out %i of four words', (heldOut) => {
    expect(() => splitWords(words, heldOut)).toThrow(`${heldOut} of 4 words cannot be held out.`);
  });

  it('refuses a vector that is too short', () => {
    expect(() => splitWords({ dimensions: 2, vectors: { the: [1], of: [1, 2] } }, 1)).toThrow(
      "The vector of 'the' has 1 values.",
    );
  });
});
