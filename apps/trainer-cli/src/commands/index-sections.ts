import type { BuiltArtifact, SearchReport } from '@vector-recall/own-vectors';
import type { ReportSection } from '@vector-recall/report';

/** Where a target was out of reach, exact search is the better way. */
function notesOf(isReached: boolean | undefined, targetRecall: number | undefined): string[] {
  if (isReached !== false || targetRecall === undefined) return [];
  return [`The recall stays below ${targetRecall}; a larger --m and --ef-construction make a better graph.`];
}

export async function vectorIndexSection({ artifact, index }: BuiltArtifact): Promise<ReportSection> {
  const { indexSection } = await import('@vector-recall/report');
  const section = indexSection(index);
  return {
    ...section,
    facts: [
      ...section.facts,
      ['bytes per vector', `${index.bytesPerVector.toFixed(1)}, float32 ${index.float32}`],
      ['space', index.space],
      ['version', artifact.version],
      ['published in', artifact.path],
    ],
    notes: notesOf(index.isReached, index.targetRecall),
  };
}

export async function searchSection(report: SearchReport): Promise<ReportSection> {
  const { formatCount, formatMs } = await import('@vector-recall/report');
  const { instructions, threads, targetRecall, efSearch, isReached } = report;
  return {
    id: 'search',
    title: 'Search',
    facts: [
      ['version', report.artifact.version],
      ['engine', [report.engine, ...(instructions === undefined ? [] : [instructions])].join(', ')],
      ['threads', String(threads)],
      ['vectors', `${formatCount(report.items)} × ${report.dim}, ${report.space}`],
      ['queries', formatCount(report.queries)],
      ['neighbours', formatCount(report.k)],
      ['efSearch', `${efSearch}${targetRecall === undefined ? '' : `, the least for a recall of ${targetRecall}`}`],
      ['scores', report.exactScores ? 'by float32 vectors' : 'as the index has them'],
      ['recall', `${report.recall.toFixed(4)} on ${formatCount(report.recallQueries)} queries`],
      ['queries/s', formatCount(report.qps)],
      ['one query, p50', `${formatMs(report.p50Ms)} ms`],
      ['one query, p99', `${formatMs(report.p99Ms)} ms`],
    ],
    tables: [],
    notes: notesOf(isReached, targetRecall),
  };
}
