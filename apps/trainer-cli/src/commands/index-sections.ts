import type { BuiltArtifact, SearchReport } from '@vector-recall/own-vectors';
import type { ReportSection } from '@vector-recall/report';

const comparisons = {
  codes: '8-bit codes',
  refined: '8-bit codes, the best once more by 16 bits',
  wide: '8-bit codes with 16-bit queries, all that is found once more by 16 bits',
  float32: 'float32',
} as const;

export async function vectorIndexSection({ artifact, index }: BuiltArtifact): Promise<ReportSection> {
  const { indexSection } = await import('@vector-recall/report');
  const section = indexSection(index);
  return {
    ...section,
    facts: [
      ...section.facts,
      ['bytes per vector', `${index.bytesPerVector.toFixed(1)}, float32 ${index.float32}`],
      ['compared by', comparisons[index.precision]],
      ['space', index.space],
      ['version', artifact.version],
      ['published in', artifact.path],
    ],
  };
}

export async function searchSection(report: SearchReport): Promise<ReportSection> {
  const { breadthOf, formatCount, formatMs, targetNotes } = await import('@vector-recall/report');
  const { instructions, threads } = report;
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
      ['efSearch', breadthOf(report)],
      ['scores', report.exactScores ? 'by float32 vectors' : 'as the index has them'],
      ['recall', `${report.recall.toFixed(4)} on ${formatCount(report.recallQueries)} queries`],
      ['queries/s', formatCount(report.qps)],
      ['one query, p50', `${formatMs(report.p50Ms)} ms`],
      ['one query, p99', `${formatMs(report.p99Ms)} ms`],
    ],
    tables: [],
    notes: targetNotes(report),
  };
}
