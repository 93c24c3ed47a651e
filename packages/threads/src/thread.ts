import { extname, join } from 'node:path';
import { Worker, type Transferable } from 'node:worker_threads';
import { unpackError, type ErrorClass } from './carried-error';
import { ThreadEndedError } from './errors';
import type { AnswerMessage, CallMessage } from './messages';

interface PendingCall<Response> {
  readonly resolve: (response: Response) => void;
  readonly reject: (error: Error) => void;
}

/** A module on a thread of its own, which answers calls with `answerCalls`. */
export class Thread<Request, Response> {
  readonly #worker: Worker;
  readonly #pending = new Map<number, PendingCall<Response>>();
  #lastId = 0;
  #failure?: Error;

  /**
   * @param module path without its extension: the build runs as it is, the sources through a compiler
   * @param errorClasses of errors that the module throws and callers tell apart
   */
  constructor(
    private readonly module: string,
    private readonly errorClasses: readonly ErrorClass[] = [],
  ) {
    const extension = extname(__filename);
    const execArgv =
      extension === '.ts'
        ? ['--conditions=@vector-recall/source', '--require', join(__dirname, '../../../tools/register-swc.cjs')]
        : [];
    this.#worker = new Worker(module + extension, { execArgv });
    // A thread without calls keeps no program alive.
    this.#worker.unref();
    this.#worker.on('message', (message: AnswerMessage<Response>) => {
      this.#settle(message);
    });
    this.#worker.on('error', (cause) => {
      this.#fail(new ThreadEndedError(this.module, { cause }));
    });
    this.#worker.on('exit', () => {
      this.#fail(new ThreadEndedError(this.module));
    });
  }

  /**
   * @param transfer buffers of the request that are handed over instead of copied
   * @throws ThreadEndedError, or what the module has thrown
   */
  async call(request: Request, transfer: readonly Transferable[] = []): Promise<Response> {
    if (this.#failure !== undefined) throw this.#failure;
    const message: CallMessage<Request> = { id: ++this.#lastId, request };
    this.#worker.postMessage(message, transfer);
    if (this.#pending.size === 0) this.#worker.ref();
    return new Promise((resolve, reject) => this.#pending.set(message.id, { resolve, reject }));
  }

  /** Ends the thread at once; calls that it has not answered fail. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(message: AnswerMessage<Response>): void {
    const call = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (this.#pending.size === 0) this.#worker.unref();
    if ('error' in message) call?.reject(unpackError(message.error, this.errorClasses));
    else call?.resolve(message.response);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#pending.values()) reject(this.#failure);
    this.#pending.clear();
  }
}
