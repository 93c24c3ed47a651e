import { parentPort, type Transferable } from 'node:worker_threads';
import { packError } from './carried-error';
import type { AnswerMessage, CallMessage } from './messages';

/** What a call is answered with. */
export interface Answer<Response> {
  readonly response: Response;
  /** Buffers of the response that are handed over instead of copied. */
  readonly transfer?: readonly Transferable[];
}

/**
 * Answers the calls of the thread that started this one; an error that the handler throws is thrown there.
 * @param handle takes the requests that the other side's `Thread` sends
 */
export function answerCalls(handle: (request: never) => Promise<Answer<unknown>>): void {
  const port = parentPort;
  if (port === null) throw new Error('Calls are answered on a thread only; start this module with a Thread.');
  const answer = async ({ id, request }: CallMessage<never>): Promise<void> => {
    try {
      const { response, transfer } = await handle(request);
      port.postMessage({ id, response } satisfies AnswerMessage<unknown>, transfer);
    } catch (error) {
      port.postMessage({ id, error: packError(error) } satisfies AnswerMessage<unknown>);
    }
  };
  port.on('message', (message: CallMessage<never>) => void answer(message));
}
