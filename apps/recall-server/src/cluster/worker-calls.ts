import type { Worker } from 'node:cluster';
import { WorkerError } from '../errors';
import type { ControlQuestion, ControlReply } from './control-questions';
import type { News, Order } from './messages';

/** What a worker answers a question with. */
export type Reply = Exclude<Extract<News, { readonly id: number }>, ControlQuestion | { readonly news: 'wants-index' }>;
type Question = Exclude<Extract<Order, { readonly id: number }>, ControlReply | { readonly order: 'map-index' }>;
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

interface OpenQuestion {
  readonly worker: Worker;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** Questions to workers, and their replies. */
export class WorkerCalls {
  readonly #open = new Map<number, OpenQuestion>();
  #nextId = 0;

  /** @throws WorkerError where the worker refuses, or dies before it has replied */
  ask(worker: Worker, question: WithoutId<Question>): Promise<Reply> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#open.set(id, { worker, resolve, reject });
      send(worker, { ...question, id });
    });
  }

  take(reply: Reply): void {
    const question = this.#open.get(reply.id);
    this.#open.delete(reply.id);
    if (reply.news === 'refused') question?.reject(new WorkerError(reply.code, reply.message));
    else question?.resolve(reply);
  }

  /** Of a worker that has died. */
  forget(worker: Worker, how: string): void {
    for (const [id, question] of this.#open) {
      if (question.worker !== worker) continue;
      this.#open.delete(id);
      question.reject(
        new WorkerError('SERVER_WORKER_DIED', `A worker died before it had answered (${how}); ask again.`),
      );
    }
  }
}

export function send(worker: Worker, order: Order): void {
  // A worker that has just died takes no orders; its end is heard of by itself.
  if (worker.isConnected()) worker.send(order, () => undefined);
}
