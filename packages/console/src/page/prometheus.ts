/** One line of the text format of Prometheus. */
export interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const label = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Reads the text format; lines that are no samples are passed over. */
export function readSamples(text: string): Sample[] {
  return text.split('\n').flatMap((each): Sample[] => {
    const [, name, labels = '', value] = line.exec(each) ?? [];
    if (!name) return [];
    const pairs = Array.from(labels.matchAll(label), ([, key, quoted]): [string, string] => [key, quoted]);
    return [{ name, labels: new Map(pairs), value: value === '+Inf' ? Infinity : Number(value) }];
  });
}

/** The sum of a metric over all its labels, or over those that a label selects. */
export function sumOf(samples: readonly Sample[], name: string, where: Readonly<Record<string, string>> = {}): number {
  return selected(samples, name, where).reduce((sum, { value }) => sum + value, 0);
}

/** How many observations are at most as large as each bound, ascending. */
export interface Histogram {
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}

export function histogramOf(
  samples: readonly Sample[],
  name: string,
  where: Readonly<Record<string, string>>,
): Histogram {
  const counts = new Map<number, number>();
  for (const { labels, value } of selected(samples, `${name}_bucket`, where)) {
    const bound = labels.get('le') === '+Inf' ? Infinity : Number(labels.get('le'));
    counts.set(bound, (counts.get(bound) ?? 0) + value);
  }
  const bounds = [...counts.keys()].sort((a, b) => a - b);
  return { bounds, counts: bounds.map((bound) => counts.get(bound) ?? 0) };
}

/** What was observed between two looks; all of `later` where the server has started anew meanwhile. */
export function between(earlier: Histogram, later: Histogram): Histogram {
  const counts = later.counts.map((count, i) => count - (earlier.counts[i] ?? 0));
  return counts.some((count) => count < 0) ? later : { ...later, counts };
}

/**
 * The quantile as Prometheus estimates it: observations are spread evenly within a bucket.
 * @param share in [0, 1]
 * @returns `undefined` without observations
 */
export function quantile({ bounds, counts }: Histogram, share: number): number | undefined {
  const total = counts.at(-1) ?? 0;
  if (total === 0) return undefined;
  const rank = share * total;
  const place = counts.findIndex((count) => count >= rank);
  const lower = place === 0 ? 0 : bounds[place - 1];
  // Nothing is known of what lies beyond the last bound.
  if (bounds[place] === Infinity) return lower;
  const before = place === 0 ? 0 : counts[place - 1];
  return lower + (bounds[place] - lower) * ((rank - before) / (counts[place] - before));
}

function selected(samples: readonly Sample[], name: string, where: Readonly<Record<string, string>>): Sample[] {
  const wanted = Object.entries(where);
  return samples.filter((sample) => sample.name === name && wanted.every(([key, is]) => sample.labels.get(key) === is));
}
