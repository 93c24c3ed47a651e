import type { CallOptions, ClientWritableStream, Metadata, ServiceError } from '@grpc/grpc-js';
import { failureOf, type CallSettings } from './unary-call';

export type StreamMethod<Request, Response> = (
  metadata: Metadata,
  options: CallOptions,
  callback: (error: ServiceError | null, response: Response) => void,
) => ClientWritableStream<Request>;

/** What a source of requests may be; one that is asked for its next request has room for it. */
export type Source<Request> = Iterable<Request> | AsyncIterable<Request>;

/** A stream may take as long as it sends: its deadline is the caller's to set. */
export type StreamSettings = Omit<CallSettings, 'deadlineMs'> & { readonly deadlineMs?: number };

/**
 * Sends requests as fast as the server takes them.
 * @throws RecallCallError, or what the source throws; then the call is cancelled
 */
export async function callClientStream<Request, Response>(
  method: StreamMethod<Request, Response>,
  requests: Source<Request>,
  { metadata, deadlineMs, signal, ...destination }: StreamSettings,
): Promise<Response> {
  const options = deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs };
  const ended = new AbortController();
  let call: ClientWritableStream<Request> | undefined;
  const cancel = (): void => {
    call?.cancel();
  };
  const answer = new Promise<Response>((resolve, reject) => {
    call = method(metadata, options, (error, response) => {
      ended.abort();
      if (error === null) resolve(response);
      else reject(failureOf(error, destination));
    });
  });
  // The failure of the call is told below, where the source has not failed before.
  answer.catch(() => undefined);
  signal?.addEventListener('abort', cancel);
  if (signal?.aborted === true) cancel();
  try {
    // A call may fail while its source is asked for more, which may take long.
    if (call !== undefined) await Promise.race([send(call, requests, ended.signal), answer]);
    return await answer;
  } catch (error) {
    cancel();
    throw error;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

async function send<Request>(
  call: ClientWritableStream<Request>,
  requests: Source<Request>,
  ended: AbortSignal,
): Promise<void> {
  for await (const request of requests) {
    if (ended.aborted) return;
    if (!call.write(request)) await room(call, ended);
  }
  call.end();
}

/** Resolves when more may be sent, or nothing more can be. */
async function room<Request>(call: ClientWritableStream<Request>, ended: AbortSignal): Promise<void> {
  if (ended.aborted) return;
  await new Promise<void>((resolve) => {
    const goOn = (): void => {
      call.off('drain', goOn);
      ended.removeEventListener('abort', goOn);
      resolve();
    };
    call.once('drain', goOn);
    ended.addEventListener('abort', goOn);
  });
}
