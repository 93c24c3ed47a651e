import { dateOf, type InteractionLog, timeSpan } from '@vector-recall/datasets';
import { percentile } from '../benchmark/latency';

/** How events are spread over users or items. */
export interface SpreadReport {
  readonly median: number;
  readonly p90: number;
  readonly max: number;
}

/** Events of one part of the time span; all parts are equally long. */
export interface PeriodReport {
  /** Day on which the part begins, `2026-05-17`. */
  readonly from: string;
  readonly events: number;
}

/** The shape of a log. */
export interface DataProfileReport {
  readonly eventsPerUser: SpreadReport;
  /** Of the items that have events. */
  readonly eventsPerItem: SpreadReport;
  readonly itemsWithoutEvents: number;
  /** Share of all events that the most frequent hundredth of the items takes, in [0, 1]. */
  readonly topItemShare: number;
  /** Absent where the log has no times. */
  readonly overTime?: readonly PeriodReport[];
}

const PERIODS = 40;

type ProfiledLog = Pick<InteractionLog, 'itemCount' | 'offsets' | 'items' | 'timestamps' | 'order'>;

export function profileOf(log: ProfiledLog): DataProfileReport {
  const { offsets, items, itemCount } = log;
  const ofUsers = Float64Array.from(offsets.subarray(1), (end, user) => end - offsets[user]).sort();
  const counts = new Float64Array(itemCount);
  for (const item of items) counts[item]++;
  const ofItems = counts.filter((count) => count > 0).sort();
  const top = ofItems.subarray(ofItems.length - Math.ceil(itemCount / 100));
  const overTime = log.order === 'time' || log.order === undefined ? periodsOf(log.timestamps) : undefined;
  return {
    eventsPerUser: spreadOf(ofUsers),
    eventsPerItem: spreadOf(ofItems),
    itemsWithoutEvents: itemCount - ofItems.length,
    topItemShare: top.reduce((sum, count) => sum + count, 0) / Math.max(1, items.length),
    ...(overTime === undefined ? {} : { overTime }),
  };
}

/** @param sorted ascending */
function spreadOf(sorted: Float64Array): SpreadReport {
  if (sorted.length === 0) return { median: 0, p90: 0, max: 0 };
  return { median: percentile(sorted, 0.5), p90: percentile(sorted, 0.9), max: sorted[sorted.length - 1] };
}

function periodsOf(timestamps: Float64Array): readonly PeriodReport[] | undefined {
  const span = timeSpan(timestamps);
  if (span === undefined || span.last <= span.first) return undefined;
  const length = (span.last - span.first) / PERIODS;
  const events = new Array<number>(PERIODS).fill(0);
  for (const time of timestamps) events[Math.min(PERIODS - 1, Math.floor((time - span.first) / length))]++;
  return events.map((count, n) => ({ from: dateOf(span.first + n * length), events: count }));
}
