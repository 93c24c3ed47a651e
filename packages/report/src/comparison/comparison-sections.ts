import { formatCount, formatFigure } from '../format';
import { left, right, type ReportSection, type ReportTable } from '../sections/section';

/** What is known of a version that is set beside another one. */
export interface ComparedVersion {
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly counts: Readonly<Record<string, unknown>>;
  /** By what was scored, and metric: `{"model": {"hitRate@10": 0.1}}`. */
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Compiled options by section. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What the metrics were measured on; absent where it is not known. */
  readonly protocol?: { readonly data: string; readonly split: string; readonly heldOut: string };
}

/** Two versions side by side: what they were made from, their metrics and the options that differ. */
export function comparisonSections(a: ComparedVersion, b: ComparedVersion): readonly ReportSection[] {
  const columns = [left(''), right(a.version), right(b.version)];
  const aboutRows = [
    ['made (UTC)', shortTime(a.createdAt), shortTime(b.createdAt)],
    ...['users', 'items', 'interactions'].map((name) => [name, countOf(a, name), countOf(b, name)]),
  ];
  const options = optionRows(a, b);
  return [
    {
      id: 'versions',
      title: 'Versions',
      facts: [],
      tables: [{ caption: '', columns, rows: aboutRows }],
      notes: [],
    },
    {
      id: 'metrics',
      title: 'Metrics',
      facts: [],
      tables: scorersOf(a, b).map((scorer) => metricTable(scorer, a, b)),
      notes: protocolNotes(a, b),
    },
    {
      id: 'options',
      title: 'Options that differ',
      facts: [],
      tables:
        options.length === 0 ? [] : [{ caption: '', columns: [left('option'), ...columns.slice(1)], rows: options }],
      notes: options.length === 0 ? ['Both were made with the same options.'] : [],
    },
  ];
}

function scorersOf(a: ComparedVersion, b: ComparedVersion): string[] {
  return [...new Set([...Object.keys(a.metrics), ...Object.keys(b.metrics)])];
}

function metricTable(scorer: string, a: ComparedVersion, b: ComparedVersion): ReportTable {
  const [ofA, ofB] = [a, b].map(({ metrics }) => new Map(Object.entries(metrics[scorer] ?? {})));
  const names = [...new Set([...ofA.keys(), ...ofB.keys()])];
  return {
    caption: scorer,
    columns: [left('metric'), right(a.version), right(b.version), right('difference')],
    rows: names.map((name) => {
      const [one, other] = [ofA.get(name), ofB.get(name)];
      return [name, formatFigure(one), formatFigure(other), difference(one, other)];
    }),
  };
}

/** Of the second to the first, with its sign. */
function difference(one: number | undefined, other: number | undefined): string {
  if (one === undefined || other === undefined) return formatFigure(undefined);
  const change = other - one;
  return `${change > 0 ? '+' : ''}${formatFigure(change)}`;
}

function protocolNotes(a: ComparedVersion, b: ComparedVersion): string[] {
  const unknown = [a, b].find(({ protocol }) => protocol === undefined);
  if (unknown !== undefined) {
    return [`${unknown.version} does not say what its metrics were measured on: differences may come of the data.`];
  }
  const isSame = (['data', 'split', 'heldOut'] as const).every((part) => a.protocol?.[part] === b.protocol?.[part]);
  return [
    isSame
      ? 'Both were measured on the same held-out events of the same data.'
      : 'They were measured on different data or held-out events: differences may come of these alone.',
  ];
}

/** `training.lr` and so on, where the versions have different values. */
function optionRows(a: ComparedVersion, b: ComparedVersion): string[][] {
  const [ofA, ofB] = [optionsOf(a), optionsOf(b)];
  return [...new Set([...ofA.keys(), ...ofB.keys()])]
    .sort()
    .map((name) => [name, ofA.get(name) ?? '–', ofB.get(name) ?? '–'])
    .filter(([, one, other]) => one !== other);
}

function optionsOf({ config }: ComparedVersion): Map<string, string> {
  const entries = Object.entries(config).flatMap(([section, options]) =>
    typeof options === 'object' && options !== null && section !== 'runtime'
      ? Object.entries(options).map(([key, value]): [string, string] => [`${section}.${key}`, JSON.stringify(value)])
      : [],
  );
  return new Map(entries);
}

function countOf({ counts }: ComparedVersion, name: string): string {
  const count = counts[name];
  return typeof count === 'number' ? formatCount(count) : '–';
}

function shortTime(time: string): string {
  return time.slice(0, 19).replace('T', ' ');
}
