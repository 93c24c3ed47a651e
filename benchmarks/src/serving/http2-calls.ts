import { status } from '@grpc/grpc-js';
import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { frameOf, type CallOutcome } from './recall-calls';

/** Unary calls of gRPC by Node's own HTTP/2, which leave more of the cores to the server than those of grpc-js. */
export class Http2Caller {
  readonly #session: ClientHttp2Session;

  constructor(target: string) {
    this.#session = connect(`http://${target}`);
    // Every call that is under way fails too, and is counted as such.
    this.#session.on('error', () => undefined);
  }

  /**
   * Resolves when the response has ended, also for a call that has failed.
   * @param method full, as `recall.v1.RecallService/Recall`
   * @param since `performance.now()` when the call was due
   */
  call(method: string, message: Uint8Array, since: number): Promise<CallOutcome> {
    const headers = { ':method': 'POST', ':path': `/${method}`, 'content-type': 'application/grpc', te: 'trailers' };
    return new Promise((resolve) => {
      const stream = this.#session.request(headers, { endStream: false });
      let code: number = status.UNAVAILABLE;
      const readStatus = ({ 'grpc-status': told }: IncomingHttpHeaders): void => {
        if (told !== undefined) code = Number(told);
      };
      stream.on('response', readStatus).on('trailers', readStatus);
      stream
        .on('error', () => undefined)
        .on('close', () => {
          resolve({ code, milliseconds: performance.now() - since });
        });
      // Nobody reads the message.
      stream.resume();
      stream.end(frameOf(message));
    });
  }

  close(): void {
    this.#session.close();
  }
}
