/** Rows of the table that the terms of a text share: 4 MB at a width of 64, and few collisions among 10,000 terms. */
export const TEXT_BUCKETS = 16_384;

/** The buckets of terms, in the order of the terms, none twice (the hashing trick, Weinberger et al. 2009). */
export function hashTerms(terms: readonly string[]): number[] {
  return [...new Set(terms.map((term) => fnv1a(term) % TEXT_BUCKETS))];
}

/** FNV-1a of 32 bits over the UTF-16 units, mixed once more, as its low bits alone follow the last characters closely. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
