import { formatBytes, formatCount, formatFigure, formatMs, formatSeconds } from '../format';
import type {
  BenchmarkFigures,
  IndexFigures,
  LatencyFigures,
  NeighbourFigures,
  Recommendations,
  ShownItem,
} from '../run-summary';
import { cutoffsOf } from './evaluation-section';
import { left, right, type ReportSection, type ReportTable } from './section';

export function indexSection(index: IndexFigures): ReportSection {
  return {
    id: 'index',
    title: 'Index',
    facts: [
      ['engine', index.engine],
      ['vectors', `${formatCount(index.items)} × ${index.dim}`],
      ['M', String(index.m)],
      ['efConstruction', String(index.efConstruction)],
      ['efSearch', breadthOf(index)],
      ['build', formatSeconds(index.buildSeconds)],
      ['memory', formatBytes(index.bytes)],
    ],
    tables: [
      {
        caption: 'Agreement with exact search',
        columns: cutoffsOf(index.recall, 'recall').map((k) => right(`recall@${k}`)),
        rows: [cutoffsOf(index.recall, 'recall').map((k) => formatFigure(index.recall[`recall@${k}`]))],
      },
    ],
    notes: targetNotes(index),
  };
}

type TunedSearch = Pick<IndexFigures, 'efSearch' | 'targetRecall' | 'isReached' | 'limitedBy'>;

/** `efSearch`, and what it was chosen for. */
export function breadthOf({ efSearch, targetRecall, isReached = true }: TunedSearch): string {
  if (targetRecall === undefined) return String(efSearch);
  return isReached
    ? `${efSearch}, the least for a recall of ${targetRecall}`
    : `${efSearch}, which misses the target of ${targetRecall}`;
}

/** What to do where no search reaches the target. */
export function targetNotes({ targetRecall, isReached = true, limitedBy }: TunedSearch): string[] {
  if (targetRecall === undefined || isReached) return [];
  const advice =
    limitedBy === 'codes'
      ? 'The codes cannot tell the nearest apart: search with exact scores, or keep float32 in the index.'
      : 'The graph does not lead to the rest: a larger M and efConstruction make a better one.';
  return [`The recall stays below ${targetRecall}. ${advice}`];
}

function latencyRow(name: string, latency: LatencyFigures): string[] {
  return [
    name,
    ...[latency.meanMs, latency.p50Ms, latency.p95Ms, latency.p99Ms].map(formatMs),
    formatCount(latency.qps),
  ];
}

function batchTable({ batches }: BenchmarkFigures): ReportTable {
  const encoded = batches.some((batch) => batch.encodedUsersPerSecond !== undefined);
  return {
    caption: 'Batches',
    columns: [right('batch'), right('users/s'), ...(encoded ? [right('fresh histories/s')] : [])],
    rows: batches.map((batch) => [
      String(batch.batchSize),
      formatCount(batch.usersPerSecond),
      ...(encoded ? [batch.encodedUsersPerSecond === undefined ? '–' : formatCount(batch.encodedUsersPerSecond)] : []),
    ]),
  };
}

export function speedSection(benchmark: BenchmarkFigures): ReportSection {
  return {
    id: 'speed',
    title: 'Speed',
    facts: [
      ...(benchmark.topK === undefined ? [] : [['candidates per query', formatCount(benchmark.topK)] as const]),
      ...(benchmark.queries === undefined ? [] : [['queries', formatCount(benchmark.queries)] as const]),
      ...(benchmark.encodeMsPerUser === undefined
        ? []
        : [['encoding a fresh history', `${formatMs(benchmark.encodeMsPerUser)} ms a user in batches of 32`] as const]),
    ],
    tables: [
      {
        caption: 'Latency of one query in ms',
        columns: [left(''), right('mean'), right('p50'), right('p95'), right('p99'), right('queries/s')],
        rows: [
          latencyRow('known user', benchmark.single),
          ...(benchmark.encoded === undefined ? [] : [latencyRow('fresh history', benchmark.encoded)]),
        ],
      },
      batchTable(benchmark),
    ],
    notes: ['Measured inside one process, without a network.'],
  };
}

/** What a person calls an item. */
export function nameOf(item: ShownItem): string {
  return item.name ?? `item ${item.id}`;
}

/** A film may have thirty tags; what comes first tells enough. */
const MOST_LABELS = 6;

/** Category and tags in one; where the category is one of the tags, it is named once. */
export function kindOf(item: ShownItem): string {
  const labels = [...new Set([...(item.category === undefined ? [] : [item.category]), ...(item.tags ?? [])])];
  return [...labels.slice(0, MOST_LABELS), ...(labels.length > MOST_LABELS ? ['…'] : [])].join(', ');
}

/** A list of items for one user; columns that no item fills are left out. */
export function recommendationSection(found: Recommendations): ReportSection {
  const kinds = found.items.map(kindOf);
  const hasKinds = kinds.some((kind) => kind !== '');
  const hasNames = found.items.some((item) => item.name !== undefined);
  const recent = found.history.slice(-8).map(nameOf);
  return {
    id: 'recommendations',
    title: found.userId === undefined ? 'Recommendations' : `Recommendations for user ${found.userId}`,
    facts: recent.length === 0 ? [] : [['recently', recent.join(' · ')]],
    tables: [
      {
        caption: `Top ${found.items.length}`,
        columns: [
          right('#'),
          right('score'),
          left('id'),
          ...(hasNames ? [left('name')] : []),
          ...(hasKinds ? [left('category, tags')] : []),
        ],
        rows: found.items.map((item, row) => [
          String(row + 1),
          formatFigure(item.score),
          String(item.id),
          ...(hasNames ? [item.name ?? ''] : []),
          ...(hasKinds ? [kinds[row] ?? ''] : []),
        ]),
      },
    ],
    notes: [],
  };
}

/** Whether what lies together belongs together. */
export function neighbourSection(found: readonly NeighbourFigures[]): ReportSection {
  return {
    id: 'neighbours',
    title: 'Nearest neighbours',
    facts: [],
    tables: [
      {
        caption: 'Nearest items of those with the most events',
        columns: [left('item'), right('score'), left('neighbour'), left('category, tags')],
        rows: found.flatMap(({ item, neighbours }) =>
          neighbours.map((neighbour, place) => [
            place === 0 ? nameOf(item) : '',
            formatFigure(neighbour.score),
            nameOf(neighbour),
            kindOf(neighbour),
          ]),
        ),
      },
    ],
    notes: [],
  };
}
