import { status } from '@grpc/grpc-js';
import type { RecallTimings, Standing } from '@vector-recall/recall-service';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { LiveMergeMetrics } from './live-merge-metrics';
import { LiveRecallMetrics } from './live-recall-metrics';

/** Whether a newly promoted artifact was taken into use. */
export type SwapOutcome = 'ok' | 'refused';

/** From one search in a small catalogue to a call that waits its turn in an overload. */
const SECONDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1, 2, 4,
];
const USERS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096];

/** Read when Prometheus asks. */
export interface MetricSources {
  /** Users that are worked on. */
  readonly inFlight: () => number;
  /** Users past which calls are refused now. */
  readonly inFlightLimit: () => number;
  readonly model: () =>
    { readonly version: string; readonly itemCount: number; readonly userCount: number } | undefined;
  /** What calls are answered by: one version, or two with their labels. */
  readonly versions: () => readonly { readonly version: string; readonly label?: string }[];
  /** Queries that wait for a search thread. */
  readonly searchQueue: () => number;
  /** Absent where the catalogue does not change. */
  readonly live?: () => LiveFigures | undefined;
  /** What holds for every request. */
  readonly standing?: () => Standing | undefined;
}

/** How a catalogue has changed since it was trained. */
export interface LiveFigures {
  /** Items that are found beside the base. */
  readonly changedItems: number;
  /** Items of the base that count no more. */
  readonly deadItems: number;
  readonly logBytes: number;
  /** Changed items that the model can't serve. */
  readonly unusableItems: number;
}

/** What the server counts and measures, in a registry of its own. */
export class ServerMetrics {
  readonly registry = new Registry();
  readonly liveMerges = new LiveMergeMetrics([this.registry]);
  readonly liveRecall = new LiveRecallMetrics([this.registry]);
  readonly #requests: Counter<'method' | 'code'>;
  /** Looking a child up by its labels costs more than counting. */
  readonly #requestsBy = new Map<string, Counter.Internal>();
  readonly #stages: Readonly<Record<'encode' | 'search' | 'total', Histogram.Internal<'stage'>>>;
  readonly #batchUsers: Histogram;
  readonly #swaps: Counter<'outcome'>;
  readonly #servedLog: Counter<'outcome'>;
  readonly #labelUsers: Counter<'version_label'>;
  readonly #labelSeconds: Histogram<'version_label'>;

  constructor(sources: MetricSources) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#requests = new Counter({
      name: 'vector_recall_requests_total',
      help: 'Calls by method and gRPC status.',
      labelNames: ['method', 'code'],
      registers,
    });
    const stages = new Histogram({
      name: 'vector_recall_stage_seconds',
      help: 'Time by stage: encode (the user tower), search (the index), total (a whole call that was answered).',
      labelNames: ['stage'],
      buckets: SECONDS,
      registers,
    });
    this.#stages = {
      encode: stages.labels('encode'),
      search: stages.labels('search'),
      total: stages.labels('total'),
    };
    this.#batchUsers = new Histogram({
      name: 'vector_recall_batch_users',
      help: 'Users of a BatchRecall.',
      buckets: USERS,
      registers,
    });
    this.#swaps = new Counter({
      name: 'vector_recall_model_swaps_total',
      help: 'Artifacts that were taken into use (ok), and those that were not (refused).',
      labelNames: ['outcome'],
      registers,
    });
    for (const outcome of ['ok', 'refused']) this.#swaps.inc({ outcome }, 0);
    this.#servedLog = new Counter({
      name: 'vector_recall_served_log_answers_total',
      help: 'Answers for the log of served answers: written, and dropped because too many waited or the disk failed.',
      labelNames: ['outcome'],
      registers,
    });
    this.#labelUsers = new Counter({
      name: 'vector_recall_version_users_total',
      help: 'Users answered by each of two versions that are served at once.',
      labelNames: ['version_label'],
      registers,
    });
    this.#labelSeconds = new Histogram({
      name: 'vector_recall_version_seconds',
      help: 'Time of a call or a batch in each of two versions that are served at once.',
      labelNames: ['version_label'],
      buckets: SECONDS,
      registers,
    });
    for (const outcome of ['written', 'dropped']) this.#servedLog.inc({ outcome }, 0);
    addGauges(registers, sources);
  }

  countCall(method: string, code: status, seconds: number): void {
    const key = `${method} ${code}`;
    let counter = this.#requestsBy.get(key);
    if (counter === undefined) {
      counter = this.#requests.labels(method, status[code]);
      this.#requestsBy.set(key, counter);
    }
    counter.inc();
    if (code === status.OK) this.#stages.total.observe(seconds);
  }

  observeStages({ encodeMicros, searchMicros }: RecallTimings): void {
    // A stage that was not gone through took no time: counting it would hide those that did.
    if (encodeMicros > 0) this.#stages.encode.observe(encodeMicros / 1e6);
    if (searchMicros > 0) this.#stages.search.observe(searchMicros / 1e6);
  }

  /** @param label of the version that answered; absent where the server has one */
  observeLabel(label: string | undefined, users: number, { totalMicros }: RecallTimings): void {
    if (label === undefined) return;
    this.#labelUsers.inc({ version_label: label }, users);
    this.#labelSeconds.observe({ version_label: label }, totalMicros / 1e6);
  }

  observeBatch(users: number): void {
    this.#batchUsers.observe(users);
  }

  countServedLog(outcome: 'written' | 'dropped', answers: number): void {
    this.#servedLog.inc({ outcome }, answers);
  }

  countSwap(outcome: SwapOutcome): void {
    this.#swaps.inc({ outcome });
  }
}

function addGauges(registers: Registry[], sources: MetricSources): void {
  const { inFlight, inFlightLimit, model, versions, searchQueue, live, standing } = sources;
  /** @param aggregator how the values of several processes on one port become one */
  const gauge = (name: string, help: string, aggregator: 'sum' | 'max', read: () => number): void => {
    new Gauge({
      name,
      help,
      aggregator,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  gauge('vector_recall_in_flight_users', 'Users that are worked on.', 'sum', inFlight);
  gauge(
    'vector_recall_in_flight_limit',
    'Users worked on at once past which calls are refused now.',
    'sum',
    inFlightLimit,
  );
  gauge('vector_recall_search_queue_queries', 'Queries that wait for a search thread.', 'sum', searchQueue);
  gauge(
    'vector_recall_index_items',
    'Items in the index in use; 0 without a model.',
    'max',
    () => model()?.itemCount ?? 0,
  );
  gauge(
    'vector_recall_known_users',
    'Users that the model in use knows; 0 without one.',
    'max',
    () => model()?.userCount ?? 0,
  );
  const changes = (name: string, help: string, read: (figures: LiveFigures) => number): void => {
    gauge(`vector_recall_live_${name}`, help, 'max', () => {
      const figures = live?.();
      return figures === undefined ? 0 : read(figures);
    });
  };
  changes('changed_items', 'Items that are searched beside the base of the index.', (figures) => figures.changedItems);
  changes('dead_items', 'Items of the base that were deleted or replaced.', (figures) => figures.deadItems);
  changes('log_bytes', 'Size of the log of changes.', (figures) => figures.logBytes);
  changes('unusable_items', 'Changed items that do not fit the model in use.', (figures) => figures.unusableItems);
  gauge(
    'vector_recall_standing_denied_items',
    'Items that no request returns, by the standing rules.',
    'max',
    () => standing?.()?.deniedItemIds.length ?? 0,
  );
  gauge('vector_recall_standing_filter', 'Whether a standing filter holds for every request.', 'max', () =>
    standing?.()?.filter === undefined ? 0 : 1,
  );
  new Gauge({
    name: 'vector_recall_model_info',
    help: 'The versions in use, as a label.',
    labelNames: ['version', 'version_label'],
    registers,
    collect() {
      this.reset();
      for (const { version, label } of versions()) {
        this.set({ version, ...(label === undefined ? {} : { version_label: label }) }, 1);
      }
    },
  });
}
