import type { StoredVersion } from '@vector-recall/model-store';
import type { ReportSection, ReportTable } from '@vector-recall/report';
import { z } from 'zod';

/** The part of a stored config that names the data; artifacts of vectors that were brought along have none. */
const dataSchema = z.object({ data: z.object({ source: z.string() }) });

/** A version as `models list --json` shows it. */
export function describeVersion({ version, isCurrent, manifest, problem }: StoredVersion) {
  return {
    version,
    isCurrent,
    ...(problem === undefined ? {} : { problem }),
    ...(manifest === undefined
      ? {}
      : {
          createdAt: manifest.createdAt,
          source: dataSchema.safeParse(manifest.config).data?.data.source ?? 'vectors',
          counts: manifest.counts,
          dims: manifest.dims,
          metrics: manifest.metrics,
          parents: manifest.parents,
        }),
  };
}

type DescribedVersion = ReturnType<typeof describeVersion>;

interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  readonly of: (version: DescribedVersion) => string | undefined;
}

const metric =
  (scorer: string, name: string) =>
  ({ metrics }: DescribedVersion): string | undefined =>
    metrics?.[scorer]?.[name]?.toFixed(4);

/** The recall of the longest list that was measured, for an index over vectors that were brought along. */
function indexRecall({ metrics }: DescribedVersion): string | undefined {
  const longest = Object.entries(metrics?.['index'] ?? {}).at(-1);
  return longest === undefined ? undefined : `${longest[1].toFixed(4)} ${longest[0].replace('recall', '')}`;
}

const columns: readonly Column[] = [
  { title: 'version', align: 'left', of: ({ version }) => version },
  { title: 'made (UTC)', align: 'left', of: ({ createdAt }) => createdAt?.slice(0, 19).replace('T', ' ') },
  { title: 'data', align: 'left', of: ({ source }) => source },
  { title: 'users', align: 'right', of: ({ counts }) => counts?.users.toLocaleString('en') },
  { title: 'items', align: 'right', of: ({ counts }) => counts?.items.toLocaleString('en') },
  { title: 'HitRate@10', align: 'right', of: metric('model', 'hitRate@10') },
  { title: 'HitRate@100', align: 'right', of: metric('model', 'hitRate@100') },
  { title: 'NDCG@10', align: 'right', of: metric('model', 'ndcg@10') },
  { title: 'popularity HitRate@100', align: 'right', of: metric('popularity', 'hitRate@100') },
  { title: 'index recall', align: 'right', of: indexRecall },
  { title: 'problem', align: 'left', of: ({ problem }) => problem },
];

function tableOf(versions: readonly DescribedVersion[], current: number): ReportTable {
  // A column that no version fills says nothing.
  const shown = columns.filter(({ of }) => versions.some((version) => of(version) !== undefined));
  return {
    caption: '',
    columns: shown.map(({ title, align }) => ({ title, align })),
    rows: versions.map((version) => shown.map(({ of }) => of(version) ?? '')),
    ...(current < 0 ? {} : { highlight: current }),
  };
}

/** The versions of a store, newest first, with what they were made from and how good they are. */
export function versionsSection(root: string, versions: readonly DescribedVersion[]): ReportSection {
  const current = versions.findIndex(({ isCurrent }) => isCurrent);
  return {
    id: 'models',
    title: 'Models',
    facts: [
      ['store', root],
      ['current', versions[current]?.version ?? 'none'],
    ],
    tables: versions.length === 0 ? [] : [tableOf(versions, current)],
    notes: versions.length === 0 ? ['The store is empty; vector-recall train makes a version.'] : [],
  };
}
