import { UsageError } from '@vector-recall/command-line';
import type { FilterOutcome } from '@vector-recall/recall-service';
import type { ReportSection } from '@vector-recall/report';

export const filterHelp = 'the only items to return: \'category in ("shoes") and price < 50 and not brand = "x"\'';

/**
 * Reads `--filter` before anything is connected to or loaded, so that a slip of the pen is told at once.
 * @throws UsageError that points at the place
 */
export async function checkFilterFlag(text: string | undefined): Promise<void> {
  if (text === undefined) return;
  const { FilterSyntaxError, parseFilter } = await import('@vector-recall/item-catalogue');
  try {
    parseFilter(text);
  } catch (error) {
    if (!(error instanceof FilterSyntaxError)) throw error;
    throw new UsageError(`--filter: ${error.message}`);
  }
}

/** What the filter of an answer did. */
export function filterFacts(outcome: FilterOutcome | undefined): ReportSection['facts'] {
  if (outcome === undefined) return [];
  const matches = `${outcome.matches.toLocaleString('en')} items`;
  return [['filter', outcome.plan === undefined ? matches : `${matches}, found by ${outcome.plan}`]];
}
