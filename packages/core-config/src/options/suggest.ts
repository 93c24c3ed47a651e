/** Edit distance of two words: insertions, deletions and replacements (Levenshtein 1966). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

const letters = (word: string): string => word.toLowerCase().replaceAll(/[^a-z0-9.]/g, '');

/** The candidate that `word` was probably meant to be, or undefined when none is near. Case and dashes don't count. */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  // Two slips in a long name, one in a short one: further off, a guess misleads more than it helps.
  let bestDistance = Math.min(2, Math.floor(letters(word).length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(letters(word), letters(candidate));
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}
