import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Thread } from '@vector-recall/threads';
import { ServedLogError } from '../../errors';
import type { ServedAnswer, ServedLogEvent } from './served-answer';
import type { ServedRequest, ServedResponse } from './served-thread';

export interface ServedLogOptions {
  /** Is made where it is missing. Each server has one of its own. */
  readonly folder: string;
  /** Of the answers, in (0, 1]; which, is drawn. */
  readonly share: number;
  /** Of all files together. */
  readonly maxBytes: number;
  /** Processes that write into the folder. */
  readonly writers: number;
  readonly onEvent: (event: ServedLogEvent) => void;
  /** Uniform in [0, 1); default `Math.random`. */
  readonly random?: () => number;
}

/** Ids that wait to be written: some 5 MiB. */
const MOST_WAITING_IDS = 200_000;
/** Answers that are handed to the thread at once. */
const BATCH = 64;
const MOST_FILE_BYTES = 64 * 1024 * 1024;
/** A quarter of the space is for files that are being written. */
const OPEN_SHARE = 0.25;

/** What answers are given to. */
export type AnswerSink = Pick<ServedLog, 'note' | 'requestId'>;

/** Writes a sample of requests and answers to files, on a thread of its own. What comes faster than the disk is dropped. */
export class ServedLog {
  readonly #waiting: ServedAnswer[] = [];
  readonly #random: () => number;
  readonly #prefix = randomBytes(6).toString('base64url');
  #waitingIds = 0;
  #requests = 0;
  #writing?: Promise<void>;
  #isFailing = false;

  private constructor(
    private readonly thread: Thread<ServedRequest, ServedResponse>,
    private readonly options: ServedLogOptions,
  ) {
    this.#random = options.random ?? Math.random;
  }

  /** @throws ServedLogError where the folder can't be used */
  static async open(options: ServedLogOptions): Promise<ServedLog> {
    const { folder, maxBytes, writers } = options;
    const thread = new Thread<ServedRequest, ServedResponse>(join(__dirname, 'served-thread'));
    const fileBytes = Math.min(MOST_FILE_BYTES, Math.floor((maxBytes * OPEN_SHARE) / writers));
    try {
      await thread.call({ step: 'open', folder, maxBytes: maxBytes - writers * fileBytes, fileBytes });
      return new ServedLog(thread, options);
    } catch (cause) {
      await thread.end();
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ServedLogError(folder, `${folder} can't be used for --log-served (${reason}).`, { cause });
    }
  }

  /** An id for a request whose caller gave none. */
  requestId(): string {
    return `${this.#prefix}-${(this.#requests++).toString(36)}`;
  }

  /** Takes an answer up, if it is drawn. Never waits. */
  note(answer: ServedAnswer): void {
    if (this.#random() >= this.options.share) return;
    const ids = idsOf(answer);
    if (this.#waitingIds + ids > MOST_WAITING_IDS) {
      this.options.onEvent({ type: 'dropped', answers: 1 });
      return;
    }
    this.#waitingIds += ids;
    this.#waiting.push(ownCopy(answer));
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
  }

  /** Writes what waits, and finishes the files. */
  async close(): Promise<void> {
    await this.#writing;
    const { problem } = await this.#call({ step: 'close' });
    this.#tellProblem(problem);
    await this.thread.end();
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const answers = this.#waiting.splice(0, BATCH);
      const { written, problem } = await this.#call({ step: 'write', answers });
      this.#waitingIds -= answers.reduce((sum, answer) => sum + idsOf(answer), 0);
      if (written > 0) this.options.onEvent({ type: 'written', answers: written });
      if (written < answers.length) this.options.onEvent({ type: 'dropped', answers: answers.length - written });
      this.#tellProblem(problem);
    }
  }

  async #call(request: ServedRequest): Promise<ServedResponse> {
    try {
      return await this.thread.call(request);
    } catch (error) {
      return { written: 0, problem: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Once, however often it fails. */
  #tellProblem(reason: string | undefined): void {
    if (reason !== undefined && !this.#isFailing) this.options.onEvent({ type: 'failing', reason });
    if (reason === undefined && this.#isFailing) this.options.onEvent({ type: 'recovered' });
    this.#isFailing = reason !== undefined;
  }
}

function idsOf({ request, result }: ServedAnswer): number {
  const history = 'history' in request ? (request.history?.length ?? 0) : 0;
  return 1 + result.itemIds.length + history + (request.excludeItemIds?.length ?? 0);
}

/** Scores and vectors are parts of larger buffers, which would be sent whole. */
function ownCopy(answer: ServedAnswer): ServedAnswer {
  const { result } = answer;
  if (answer.method === 'SimilarItems') return { ...answer, result: { ...result, scores: result.scores.slice() } };
  const { request } = answer;
  return {
    ...answer,
    request: { ...request, ...plainFloats(request) },
    result: { ...answer.result, scores: answer.result.scores.slice() },
  };
}

type Floats = Extract<ServedAnswer, { method: 'Recall' | 'BatchRecall' }>['request'];

function plainFloats({ features, historyWeights, queryVector }: Floats): Partial<Floats> {
  const plain = (values: ArrayLike<number> | undefined): number[] | undefined => values && Array.from(values);
  return { features: plain(features), historyWeights: plain(historyWeights), queryVector: plain(queryVector) };
}
