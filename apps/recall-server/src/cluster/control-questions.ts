import { describeFailure } from '@vector-recall/command-line';
import type { VersionAdmin } from '@vector-recall/recall-grpc';
import type { SharedControl } from '../recall-process';
import { WorkerError } from '../errors';
import { readOrder, type News, type Order } from './messages';

/** What workers ask the primary process about all of them. */
export type ControlQuestion = Extract<News, { readonly news: 'wants-metrics' | 'wants-versions' | 'wants-promotion' }>;

export type ControlReply = Extract<
  Order,
  { readonly order: 'told-metrics' | 'told-versions' | 'promoted' | 'not-told' }
>;

const replies: readonly Order['order'][] = ['told-metrics', 'told-versions', 'promoted', 'not-told'];

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

/** Answers a worker's question, in the primary process. Never rejects. */
export async function answerControl(
  question: ControlQuestion,
  admin: VersionAdmin,
  metrics: () => Promise<string>,
): Promise<ControlReply> {
  const { id } = question;
  try {
    switch (question.news) {
      case 'wants-metrics':
        return { order: 'told-metrics', id, text: await metrics() };
      case 'wants-versions':
        return { order: 'told-versions', id, versions: [...(await admin.versions())] };
      case 'wants-promotion': {
        const { version } = question;
        return {
          order: 'promoted',
          id,
          reload: await (version === undefined ? admin.rollBack() : admin.promote(version)),
        };
      }
    }
  } catch (error) {
    const { code, message } = describeFailure(error);
    return { order: 'not-told', id, code, message };
  }
}

/** The primary process as a worker sees it. What it refuses is thrown as a WorkerError. */
export class PrimaryControl implements SharedControl {
  readonly #open = new Map<number, (reply: ControlReply) => void>();
  #nextId = 0;

  /** @param tell sends a question */
  constructor(private readonly tell: (question: ControlQuestion) => void) {}

  /** Takes a message of the primary process, if it is a reply. */
  take(message: unknown): void {
    const order = readOrder(message);
    if (order === undefined || !isReply(order)) return;
    this.#open.get(order.id)?.(order);
    this.#open.delete(order.id);
  }

  async metrics(): Promise<string> {
    const reply = await this.#ask({ news: 'wants-metrics' });
    return reply.order === 'told-metrics' ? reply.text : fail(reply);
  }

  async versions(): ReturnType<VersionAdmin['versions']> {
    const reply = await this.#ask({ news: 'wants-versions' });
    return reply.order === 'told-versions' ? reply.versions : fail(reply);
  }

  async promote(version: string): ReturnType<VersionAdmin['promote']> {
    const reply = await this.#ask({ news: 'wants-promotion', version });
    return reply.order === 'promoted' ? reply.reload : fail(reply);
  }

  async rollBack(): ReturnType<VersionAdmin['rollBack']> {
    const reply = await this.#ask({ news: 'wants-promotion' });
    return reply.order === 'promoted' ? reply.reload : fail(reply);
  }

  #ask(question: WithoutId<ControlQuestion>): Promise<ControlReply> {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#open.set(id, resolve);
      this.tell({ ...question, id });
    });
  }
}

function isReply(order: Order): order is ControlReply {
  return replies.includes(order.order);
}

function fail(reply: ControlReply): never {
  if (reply.order === 'not-told') throw new WorkerError(reply.code, reply.message);
  throw new TypeError(`The primary process has answered another question: ${reply.order}.`);
}
