import { UsageError } from '@vector-recall/command-line';

/** @throws UsageError where a text is not a whole number from 1 to `most` */
export function parseCount(flag: string, text: string, most: number): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= most && text.trim() !== '') return count;
  throw new UsageError(`${flag} is "${text}", but it must be a whole number at least 1 and at most ${most}.`);
}

/** @throws UsageError where a text is not a number of candidates, 1 to 10,000 */
export function parseTopK(text: string): number {
  return parseCount('--top-k', text, 10_000);
}

/** @throws UsageError where a text is not a breadth of a search; the server knows the largest that it allows */
export function parseEfSearch(text: string): number {
  return parseCount('--ef-search', text, 1_000_000);
}

/** @throws UsageError where a text is none of the choices */
export function parseChoice<Choice extends string>(flag: string, text: string, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new UsageError(`${flag} is "${text}", but it must be one of ${choices.join(', ')}.`);
}
