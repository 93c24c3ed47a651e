import cluster, { type Worker } from 'node:cluster';
import { describeFailure } from '@vector-recall/command-line';
import type { Outcome } from '@vector-recall/live-index';
import type { Reload, SharedFile, Standing } from '@vector-recall/recall-service';
import { AggregatorRegistry } from 'prom-client';
import { NoWorkerError, WorkerError } from '../errors';
import type { ControlQuestion, ControlReply } from './control-questions';
import { LOADS_FIRST, readNews, type News } from './messages';
import { send, WorkerCalls } from './worker-calls';

/** A worker that lived this long was in order; when it dies it is replaced at once. */
const healthyAfterMs = 10_000;
/** Wait before the next try where workers die young, doubled up to the second value. */
const retryMs = { first: 250, most: 15_000 };
/** How often workers are asked for a sign of life. */
const lifeCheckMs = 1000;
/** A worker that has not answered for so long serves nobody: the server is not ready, and later it is replaced. */
const defaultSilentMs = { notReady: 5000, replaced: 30_000 };
/** Longest wait for the metrics of a worker. */
const metricsMs = 2000;
/** Beyond the time to drain: for a worker to end by itself. */
const endMs = 2000;

export interface PoolOptions {
  readonly size: number;
  /** How long a worker may be silent before the server is not ready, and before it is replaced. Default 5 and 30 seconds. */
  readonly silentMs?: { readonly notReady: number; readonly replaced: number };
  /** What workers have to finish their calls when they are told to stop. */
  readonly drainTimeoutMs: number;
  /** A copy of a serving file for all workers to map; `undefined` where each has to make its own. */
  share(file: string): Promise<SharedFile | undefined>;
  /** Makes changes that a worker asks for, in the form of the log. Resolves when every worker has them. */
  readonly write?: (entries: readonly string[]) => Promise<readonly Outcome[]>;
  /** Answers what workers ask about all of them. Never rejects. */
  readonly control?: (question: ControlQuestion) => Promise<ControlReply>;
  /** A worker has died and will be replaced. */
  onDeath(worker: { readonly pid: number | undefined; readonly how: string; readonly retryMs: number }): void;
}

interface Member {
  readonly worker: Worker;
  readonly startedAt: number;
  port?: number;
  version?: string;
  /** Why it could not start. */
  failure?: string;
  /** Whether it is told of changes. */
  follows?: boolean;
  /** When it was asked for the sign of life that has not come yet. */
  askedAt?: number;
}

/**
 * Worker processes on one port. Connections are handed to them in turn by `node:cluster`; a call stays with the worker
 * that has its connection. A worker that dies or hangs is replaced.
 */
export class WorkerPool {
  readonly #members = new Set<Member>();
  readonly #calls = new WorkerCalls();
  /** What the last reload by name has loaded; a replacement loads it too, until something else is promoted. */
  #pinned?: string;
  #youngDeaths = 0;
  #stopping = false;
  #allClean = true;
  #reportGone: () => void = () => undefined;
  #started?: { readonly resolve: (port: number) => void; readonly reject: (error: Error) => void };
  readonly #lifeCheck = setInterval(() => {
    this.#checkLife();
  }, lifeCheckMs).unref();

  readonly #silentMs: { readonly notReady: number; readonly replaced: number };

  constructor(private readonly options: PoolOptions) {
    this.#silentMs = options.silentMs ?? defaultSilentMs;
  }

  /**
   * Starts the workers.
   * @returns the port that they share
   * @throws WorkerError where they can't start
   */
  async start(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#started = { resolve, reject };
      for (let i = 0; i < this.options.size; i++) this.#fork(false);
    });
  }

  /** How many workers can answer, in a few words; `undefined` where all can. */
  get whyNotReady(): string | undefined {
    const able = [...this.#members].filter((each) => each.version !== undefined && this.#answers(each)).length;
    const { size } = this.options;
    return able === size ? undefined : `${able} of ${size} workers have a model and answer`;
  }

  /** The versions that workers answer from; more than one only while they switch. */
  get versions(): ReadonlySet<string> {
    return new Set([...this.#members].flatMap(({ version }) => version ?? []));
  }

  /**
   * Has every worker load a version; default: the promoted one.
   * @throws WorkerError, NoWorkerError
   */
  async reload(version?: string): Promise<Reload> {
    const outcomes = await Promise.allSettled([...this.#members].map((member) => this.#reload(member, version)));
    const refusal = outcomes.find((outcome) => outcome.status === 'rejected');
    if (refusal !== undefined) throw refusal.reason;
    const reloads = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
    if (reloads.length === 0) throw new NoWorkerError();
    this.#pinned = version;
    return { ...reloads[0], loadMs: Math.max(...reloads.map(({ loadMs }) => loadMs)) };
  }

  /** Tells every worker of changes. Resolves when each has taken them up, or has died. */
  async apply(entries: readonly string[]): Promise<void> {
    const followers = [...this.#members].filter(({ follows }) => follows);
    await Promise.allSettled(
      followers.map(({ worker }) => this.#calls.ask(worker, { order: 'apply', entries: [...entries] })),
    );
  }

  /** Has every worker say whether rules fit its model. @throws WorkerError where they do not fit one */
  async checkStanding(standing: Standing): Promise<void> {
    const { filter, deniedItemIds } = standing;
    const rules = { filter, deniedItemIds: [...deniedItemIds] };
    await this.#askAll({ order: 'check-standing', standing: rules });
  }

  /** Resolves when every worker goes by the file of standing rules as it is now, or has died. */
  async rereadStanding(): Promise<void> {
    await this.#askAll({ order: 'reread-standing' });
  }

  /** @throws WorkerError where one refuses; one that dies has no say, and its replacement reads the file */
  async #askAll(question: Parameters<WorkerCalls['ask']>[1]): Promise<void> {
    const replies = await Promise.allSettled([...this.#members].map(({ worker }) => this.#calls.ask(worker, question)));
    for (const reply of replies) {
      if (reply.status === 'fulfilled') continue;
      const error: unknown = reply.reason;
      if (!(error instanceof WorkerError && error.code === 'SERVER_WORKER_DIED')) throw error;
    }
  }

  /** The metrics of all workers that answer, put together. */
  async metrics(): Promise<string> {
    const replies = await Promise.allSettled(
      [...this.#members]
        .filter((member) => this.#answers(member))
        .map(async ({ worker }) => inTime(this.#calls.ask(worker, { order: 'metrics' }))),
    );
    const metrics = replies.flatMap((reply) =>
      reply.status === 'fulfilled' && reply.value?.news === 'metrics' ? [reply.value.metrics] : [],
    );
    return AggregatorRegistry.aggregate(metrics).metrics();
  }

  /**
   * Has every worker finish its calls and end; one that does not is ended.
   * @returns whether all did so without cutting a call off
   */
  async stop(): Promise<boolean> {
    this.#stopping = true;
    clearInterval(this.#lifeCheck);
    const gone = new Promise<void>((resolve) => (this.#reportGone = resolve));
    for (const { worker } of this.#members) send(worker, { order: 'stop' });
    const end = setTimeout(() => {
      for (const { worker } of this.#members) worker.process.kill('SIGKILL');
    }, this.options.drainTimeoutMs + endMs);
    if (this.#members.size > 0) await gone;
    clearTimeout(end);
    return this.#allClean;
  }

  #fork(isReplacement: boolean): void {
    const worker = cluster.fork(isReplacement ? { [LOADS_FIRST]: 'true' } : {});
    const member: Member = { worker, startedAt: performance.now() };
    this.#members.add(member);
    member.worker.on('message', (message: unknown) => {
      const news = readNews(message);
      if (news !== undefined) this.#hear(member, news);
    });
    member.worker.on('exit', (code: number | null, signal: string | null) => {
      this.#bury(member, member.failure ?? signal ?? `exit code ${code ?? 0}`, code === 0);
    });
  }

  #hear(member: Member, news: News): void {
    switch (news.news) {
      case 'listening':
        member.port = news.port;
        if ([...this.#members].every(({ port }) => port !== undefined)) this.#started?.resolve(news.port);
        if (this.#pinned !== undefined) {
          // Refused or not, the worker serves the promoted version otherwise.
          void this.#reload(member, this.#pinned).catch(() => undefined);
        }
        break;
      case 'failed':
        member.failure = news.message;
        this.#started?.reject(new WorkerError(news.code, news.message));
        break;
      case 'wants-index':
        void this.options.share(news.file).then((place) => {
          send(member.worker, { order: 'map-index', id: news.id, place });
        });
        break;
      case 'serving':
        member.version = news.version;
        if (news.version !== this.#pinned && member.port !== undefined) this.#pinned = undefined;
        break;
      case 'follows':
        member.follows = true;
        break;
      case 'wants-metrics':
      case 'wants-versions':
      case 'wants-promotion':
        void this.options.control?.(news).then((reply) => {
          send(member.worker, reply);
        });
        break;
      case 'write':
        void this.#write(member, news.write, news.entries);
        break;
      default:
        this.#calls.take(news);
    }
  }

  async #write({ worker }: Member, write: number, entries: readonly string[]): Promise<void> {
    try {
      const outcomes = await this.options.write?.(entries);
      send(worker, { order: 'written', write, outcomes: [...(outcomes ?? [])] });
    } catch (error) {
      const { code, message } = describeFailure(error);
      send(worker, { order: 'not-written', write, code, message });
    }
  }

  #bury(member: Member, how: string, isClean: boolean): void {
    this.#members.delete(member);
    this.#calls.forget(member.worker, how);
    if (this.#stopping) {
      this.#allClean &&= isClean;
      if (this.#members.size === 0) this.#reportGone();
      return;
    }
    const young = performance.now() - member.startedAt < healthyAfterMs;
    this.#youngDeaths = young ? this.#youngDeaths + 1 : 0;
    const waitMs = young ? Math.min(retryMs.most, retryMs.first * 2 ** (this.#youngDeaths - 1)) : 0;
    this.options.onDeath({ pid: member.worker.process.pid, how, retryMs: waitMs });
    setTimeout(() => {
      if (!this.#stopping) this.#fork(true);
    }, waitMs);
  }

  /** Asks each worker that listens for a sign of life, and ends those that have given none for long. */
  #checkLife(): void {
    for (const member of this.#members) {
      if (member.port === undefined) continue;
      if (member.askedAt === undefined) {
        member.askedAt = performance.now();
        const heard = (): void => void (member.askedAt = undefined);
        this.#calls.ask(member.worker, { order: 'show-life' }).then(heard, () => undefined);
      } else if (performance.now() - member.askedAt > this.#silentMs.replaced) {
        member.failure = `no sign of life for ${this.#silentMs.replaced} ms`;
        member.worker.process.kill('SIGKILL');
      }
    }
  }

  /** Whether a worker has given the last sign of life in time. */
  #answers({ askedAt }: Member): boolean {
    return askedAt === undefined || performance.now() - askedAt < this.#silentMs.notReady;
  }

  async #reload({ worker }: Member, version: string | undefined): Promise<Reload> {
    const reply = await this.#calls.ask(worker, { order: 'reload', version });
    if (reply.news !== 'reloaded') throw new WorkerError('SERVER_WORKER_DIED', 'A worker has not answered the reload.');
    return reply.reload;
  }
}

/** @returns `undefined` for what takes too long */
async function inTime<Result>(work: Promise<Result>): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, metricsMs, undefined);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
