/** Edit distance of two words: insertions, deletions, replacements, and swaps of neighbours, the commonest slip (Damerau 1964). */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Infinity;
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    rows.push(current);
    for (let column = 1; column <= b.length; column++) {
      const replaced = at(row - 1, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const swaps = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const swapped = swaps ? at(row - 2, column - 2) + 1 : Infinity;
      current.push(Math.min(replaced, swapped, at(row - 1, column) + 1, at(row, column - 1) + 1));
    }
  }
  return at(a.length, b.length);
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
