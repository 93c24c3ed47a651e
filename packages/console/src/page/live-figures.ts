import { between, histogramOf, quantile, readSamples, sumOf, type Histogram, type Sample } from './prometheus.ts';

/** What the panel shows of a server. Times are in seconds; absent where nothing was called. */
export interface LiveFigures {
  readonly callsPerSecond: number;
  readonly p50?: number;
  readonly p99?: number;
  readonly items: number;
  readonly changedItems: number;
  readonly inFlight: number;
  /** The versions that processes answer from. */
  readonly versions: readonly string[];
}

interface Look {
  /** In seconds. */
  readonly at: number;
  readonly calls: number;
  readonly times: Histogram;
}

/** Looks that rates and quantiles are taken over. */
const WINDOW = 6;

/** Turns the metrics of a server, as they are read from time to time, into figures of the last seconds. */
export class FigureWindow {
  #looks: Look[] = [];

  /**
   * @param text the metrics in the text format of Prometheus
   * @param at now, in seconds of any clock
   */
  add(text: string, at: number): LiveFigures {
    const samples = readSamples(text);
    const look: Look = {
      at,
      calls: sumOf(samples, 'vector_recall_requests_total'),
      times: histogramOf(samples, 'vector_recall_stage_seconds', { stage: 'total' }),
    };
    // Counters that fall are those of a server that has started anew.
    if ((this.#looks.at(-1)?.calls ?? 0) > look.calls) this.#looks = [];
    this.#looks = [...this.#looks, look].slice(-WINDOW);
    const [first] = this.#looks;
    const times = between(first.times, look.times);
    const seconds = look.at - first.at;
    return {
      callsPerSecond: seconds > 0 ? (look.calls - first.calls) / seconds : 0,
      p50: quantile(times, 0.5),
      p99: quantile(times, 0.99),
      items: sumOf(samples, 'vector_recall_index_items'),
      changedItems: sumOf(samples, 'vector_recall_live_changed_items'),
      inFlight: sumOf(samples, 'vector_recall_in_flight_users'),
      versions: samples.filter(isServed).flatMap(({ labels }) => labels.get('version') ?? []),
    };
  }
}

function isServed({ name, value }: Sample): boolean {
  return name === 'vector_recall_model_info' && value > 0;
}
