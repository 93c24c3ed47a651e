import { UsageError } from '@vector-recall/command-line';

/** @throws UsageError where a text is not a number of candidates, 1 to 10,000 */
export function parseTopK(text: string): number {
  const topK = Number(text);
  if (!Number.isInteger(topK) || topK < 1 || topK > 10_000 || text.trim() === '') {
    throw new UsageError(`--top-k is "${text}", but it must be a whole number at least 1 and at most 10000.`);
  }
  return topK;
}
