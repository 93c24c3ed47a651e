import type { SimilarItemsAnswer } from '@vector-recall/recall-grpc';
import type { ReportSection, ReportTable } from '@vector-recall/report';

/** Items and scores of an answer, best first. */
export function answerTable({
  itemIds,
  scores,
  rules,
}: Pick<SimilarItemsAnswer, 'itemIds' | 'scores' | 'rules'>): ReportTable {
  const { added, placements } = rules ?? {};
  const signed = (value = 0): string => `${value < 0 ? '' : '+'}${value.toFixed(4)}`;
  return {
    caption: '',
    columns: [
      { title: '#', align: 'right' },
      { title: 'score', align: 'right' },
      ...(added === undefined ? [] : [{ title: 'added', align: 'right' } as const]),
      { title: 'id', align: 'left' },
      ...(placements === undefined ? [] : [{ title: 'why here', align: 'left' } as const]),
    ],
    rows: itemIds.map((id, rank) => [
      String(rank + 1),
      scores[rank]?.toFixed(4) ?? '',
      ...(added === undefined ? [] : [signed(added[rank])]),
      String(id),
      ...(placements === undefined ? [] : [placements[rank] ?? '']),
    ]),
  };
}

/** Where the time of an answer went, inside the server. */
export function timingFacts({
  encodeMicros,
  searchMicros,
  totalMicros,
}: SimilarItemsAnswer['timings']): ReportSection['facts'] {
  const inMs = (micros: number): string => `${(micros / 1000).toFixed(2)} ms`;
  return [
    ['encode', inMs(encodeMicros)],
    ['search', inMs(searchMicros)],
    ['total', inMs(totalMicros)],
  ];
}
