import cluster, { type Worker } from 'node:cluster';
import type { Reload } from '@vector-recall/recall-service';
import { NoWorkerError, WorkerError } from '../errors';
import { LOADS_FIRST, readNews, type News, type Order } from './messages';

/** A worker that lived this long was in order; when it dies it is replaced at once. */
const healthyAfterMs = 10_000;
/** Wait before the next try where workers die young, doubled up to the second value. */
const retryMs = { first: 250, most: 15_000 };

export interface PoolEvents {
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
}

interface Question {
  readonly member: Member;
  readonly resolve: (reload: Reload) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Worker processes on one port. Connections are handed to them in turn by `node:cluster`; a call stays with the worker
 * that has its connection. A worker that dies is replaced.
 */
export class WorkerPool {
  readonly #members = new Set<Member>();
  readonly #questions = new Map<number, Question>();
  #nextQuestion = 0;
  /** What the last reload by name has loaded; a replacement loads it too, until something else is promoted. */
  #pinned?: string;
  #youngDeaths = 0;
  #stopping = false;
  #allClean = true;
  #reportGone: () => void = () => undefined;
  #started?: { readonly resolve: (port: number) => void; readonly reject: (error: Error) => void };

  constructor(
    private readonly size: number,
    private readonly events: PoolEvents,
  ) {}

  /**
   * Starts the workers.
   * @returns the port that they share
   * @throws WorkerError where they can't start
   */
  async start(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#started = { resolve, reject };
      for (let i = 0; i < this.size; i++) this.#fork(false);
    });
  }

  /** Whether every worker is there and has a model. */
  get ready(): boolean {
    return this.#members.size === this.size && [...this.#members].every(({ version }) => version !== undefined);
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
    const outcomes = await Promise.allSettled([...this.#members].map((member) => this.#askReload(member, version)));
    const refusal = outcomes.find((outcome) => outcome.status === 'rejected');
    if (refusal !== undefined) throw refusal.reason;
    const reloads = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
    if (reloads.length === 0) throw new NoWorkerError();
    this.#pinned = version;
    return { ...reloads[0], loadMs: Math.max(...reloads.map(({ loadMs }) => loadMs)) };
  }

  /**
   * Has every worker finish its calls and end.
   * @returns whether all did so without cutting a call off
   */
  async stop(): Promise<boolean> {
    this.#stopping = true;
    const gone = new Promise<void>((resolve) => (this.#reportGone = resolve));
    for (const { worker } of this.#members) send(worker, { order: 'stop' });
    if (this.#members.size > 0) await gone;
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
          void this.#askReload(member, this.#pinned).catch(() => undefined);
        }
        break;
      case 'failed':
        member.failure = news.message;
        this.#started?.reject(new WorkerError(news.code, news.message));
        break;
      case 'serving':
        member.version = news.version;
        if (news.version !== this.#pinned && member.port !== undefined) this.#pinned = undefined;
        break;
      case 'reloaded':
        this.#take(news.id)?.resolve(news.reload);
        break;
      case 'refused':
        this.#take(news.id)?.reject(new WorkerError(news.code, news.message));
        break;
    }
  }

  #bury(member: Member, how: string, isClean: boolean): void {
    this.#members.delete(member);
    for (const [id, question] of this.#questions) {
      if (question.member !== member) continue;
      this.#questions.delete(id);
      question.reject(new WorkerError('SERVER_WORKER_DIED', `A worker died during the reload (${how}); reload again.`));
    }
    if (this.#stopping) {
      this.#allClean &&= isClean;
      if (this.#members.size === 0) this.#reportGone();
      return;
    }
    const young = performance.now() - member.startedAt < healthyAfterMs;
    this.#youngDeaths = young ? this.#youngDeaths + 1 : 0;
    const waitMs = young ? Math.min(retryMs.most, retryMs.first * 2 ** (this.#youngDeaths - 1)) : 0;
    this.events.onDeath({ pid: member.worker.process.pid, how, retryMs: waitMs });
    setTimeout(() => {
      if (!this.#stopping) this.#fork(true);
    }, waitMs);
  }

  async #askReload(member: Member, version: string | undefined): Promise<Reload> {
    const id = this.#nextQuestion++;
    return new Promise((resolve, reject) => {
      this.#questions.set(id, { member, resolve, reject });
      send(member.worker, { order: 'reload', id, version });
    });
  }

  #take(id: number): Question | undefined {
    const question = this.#questions.get(id);
    this.#questions.delete(id);
    return question;
  }
}

function send(worker: Worker, order: Order): void {
  // A worker that has just died takes no orders; its end is heard of by itself.
  if (worker.isConnected()) worker.send(order, () => undefined);
}
