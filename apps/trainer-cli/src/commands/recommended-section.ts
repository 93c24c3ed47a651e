import type { BulkReport } from '@vector-recall/bulk-recall';
import type { ReportSection } from '@vector-recall/report';

/** What a recall of everyone wrote, and how fast. */
export async function recommendedSection(report: BulkReport): Promise<ReportSection> {
  const { formatCount, formatSeconds } = await import('@vector-recall/report');
  const { out, format, model, users, resumedUsers, topK, matches, seconds, usersPerSecond } = report;
  return {
    id: 'everyone',
    title: 'Recommended',
    facts: [
      ['version', model],
      ['users', formatCount(users)],
      ...(resumedUsers > 0 ? [['of an earlier run', formatCount(resumedUsers)] as const] : []),
      ['candidates each', `at most ${formatCount(topK)}`],
      ...(matches === undefined ? [] : [['filter', `${formatCount(matches)} items`] as const]),
      ['time', formatSeconds(seconds)],
      ['users/s', formatCount(usersPerSecond)],
      ['written to', `${out} (${format})`],
    ],
    tables: [],
    notes: [],
  };
}
