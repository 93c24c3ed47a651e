import { LabelTable } from '../../columns/labels';
import type { ContextColumn } from '../../dataset';
import type { Block } from '../../tables/table';
import { ZoneClock } from '../../tables/time-zone';
import type { TimeFormat } from '../../tables/times';
import { textAt } from '../../tables/values';

const DAY = 86_400;
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** What `context` may name besides columns: the time of the event in the zone of the timestamps, else in UTC. */
const DERIVED: Readonly<Record<string, { labels: readonly string[]; of: (localSeconds: number) => number }>> = {
  hour: {
    labels: Array.from({ length: 24 }, (_, hour) => String(hour)),
    of: (seconds) => Math.floor(mod(seconds, DAY) / 3600),
  },
  // 1 January 1970 was a Thursday.
  weekday: { labels: WEEKDAYS, of: (seconds) => mod(Math.floor(seconds / DAY) + 3, 7) },
};

interface Source {
  readonly name: string;
  labels(): readonly string[];
  labelAt(block: Block, row: number, seconds: number): number;
}

/** Reads the circumstances of each event: labels from columns, `hour` and `weekday` from its time. */
export class ContextReader {
  readonly #sources: readonly Source[];

  /** @param timestamp without it `hour` and `weekday` are columns like others */
  constructor(names: readonly string[], timestamp: TimeFormat | undefined, placeOf: (column: string) => number) {
    const clock = new ZoneClock(timestamp?.zone ?? 'UTC');
    this.#sources = names.map((name) => {
      const derived = timestamp === undefined ? undefined : DERIVED[name];
      if (derived === undefined) return columnSource(name, placeOf(name));
      return {
        name,
        labels: () => derived.labels,
        labelAt: (_block, _row, seconds) => derived.of(seconds + clock.offsetAt(seconds)),
      };
    });
  }

  /** Index into the labels of each column, -1 when unknown. */
  labelsAt(block: Block, row: number, seconds: number): number[] {
    return this.#sources.map((source) => source.labelAt(block, row, seconds));
  }

  /** `undefined` where there is no context. */
  columns(): Pick<ContextColumn, 'name' | 'labels'>[] | undefined {
    if (this.#sources.length === 0) return undefined;
    return this.#sources.map((source) => ({ name: source.name, labels: source.labels() }));
  }
}

function columnSource(name: string, place: number): Source {
  const table = new LabelTable();
  return {
    name,
    labels: () => table.labels,
    labelAt: (block, row) => {
      const label = textAt(block, row, place);
      return label === '' ? -1 : table.indexOf(label);
    },
  };
}

function mod(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
