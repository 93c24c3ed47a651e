import type { ServerHttp2Stream } from 'node:http2';
import { status } from '@grpc/grpc-js';
import type { CallStatus } from '../contract/status';
import type { CallEnd, CallHead } from '../pipeline/call';
import { CallSignal } from '../pipeline/call-signal';
import { atDeadline } from '../pipeline/deadline';
import type { Pipeline } from '../pipeline/pipeline';
import { gone, lateDeadline, noRoom } from './call-outcomes';
import type { Connection, OpenCall } from './connection';
import { endCall } from './end-call';
import { MessageReader } from './message-reader';
import type { ReceiveBudget } from './receive-budget';
import { unpack } from './unpack';

/** What all calls on a port share. */
export interface CallSurroundings {
  readonly pipeline: Pipeline;
  readonly budget: ReceiveBudget;
}

/** While it receives and sends, the call waits for its caller. */
type Phase = 'receiving' | 'answering' | 'sending';

/** One call with one request and one response, on its HTTP/2 stream. */
export class UnaryCall implements OpenCall {
  #phase: Phase = 'receiving';
  /** When the phase began, in milliseconds of `performance.now()`. */
  #since = performance.now();
  #hasEnded = false;
  #reservedBytes = 0;
  readonly #reader: MessageReader;
  readonly #signal = new CallSignal();
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #place: number;

  constructor(
    private readonly stream: ServerHttp2Stream,
    private readonly head: CallHead,
    private readonly connection: Connection,
    private readonly surroundings: CallSurroundings,
  ) {
    this.#reader = new MessageReader(head.method.maxRequestBytes);
    this.#place = connection.opened(this);
    if (head.deadline !== Infinity) {
      this.#timer = atDeadline(head.deadline, () => {
        this.#giveUp(lateDeadline);
      });
    }
    stream.on('data', (piece: Buffer) => {
      this.#receive(piece);
    });
    stream.on('end', () => {
      this.#received();
    });
    // What is wrong with a stream also closes it.
    stream.on('error', () => undefined);
    stream.on('close', () => {
      this.#closed();
    });
  }

  checkTransfer(now: number, transferMs: number): void {
    if (this.#phase === 'answering' || now - this.#since < transferMs) return;
    if (this.#phase === 'sending') this.stream.destroy();
    else this.#fail({ code: status.DEADLINE_EXCEEDED, details: `The request did not arrive within ${transferMs} ms.` });
  }

  #receive(piece: Buffer): void {
    if (this.#phase !== 'receiving') return;
    const refusal = this.#reader.add(piece) ?? this.#reserve();
    if (refusal !== undefined) this.#fail(refusal);
  }

  /** Sets memory aside for a request that comes in pieces. */
  #reserve(): CallStatus | undefined {
    const bytes = this.#reader.announcedBytes;
    if (this.#reservedBytes > 0 || bytes === undefined || this.#reader.isComplete) return undefined;
    if (!this.surroundings.budget.take(this.connection, bytes)) return noRoom;
    this.#reservedBytes = bytes;
    return undefined;
  }

  #release(): void {
    if (this.#reservedBytes > 0) this.surroundings.budget.giveBack(this.connection, this.#reservedBytes);
    this.#reservedBytes = 0;
  }

  #received(): void {
    if (this.#phase !== 'receiving') return;
    const message = this.#reader.finish();
    if ('code' in message) this.#fail(message);
    else if (message.isCompressed) void this.#unpack(message.bytes);
    else this.#answer(message.bytes);
  }

  async #unpack(bytes: Buffer): Promise<void> {
    this.#enter('answering');
    const { method, headers } = this.head;
    const encoding = headers['grpc-encoding'];
    const unpacked = await unpack(bytes, encoding === undefined ? undefined : String(encoding), method.maxRequestBytes);
    if (this.#hasEnded) return;
    if ('code' in unpacked) this.#fail(unpacked);
    else this.#answer(unpacked);
  }

  #answer(bytes: Buffer): void {
    this.#enter('answering');
    void this.surroundings.pipeline.run(this.head, bytes, this.#signal).then((end) => {
      // Once it is answered, what its request took is free.
      this.#release();
      this.#end(end);
    });
  }

  /** Ends it without an answer. */
  #fail(outcome: CallStatus): void {
    if (!this.#hasEnded) this.#end(this.surroundings.pipeline.fail(this.head, outcome));
  }

  /** Ends it at its deadline; what works on it is told, and is counted when it has stopped. */
  #giveUp(outcome: CallStatus): void {
    if (this.#phase === 'receiving') this.#fail(outcome);
    else if (!this.#hasEnded) {
      this.#signal.abort();
      this.#end(outcome);
    }
  }

  #end(end: CallEnd): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#enter('sending');
    clearTimeout(this.#timer);
    endCall(this.stream, end);
  }

  #closed(): void {
    clearTimeout(this.#timer);
    if (!this.#hasEnded) {
      this.#hasEnded = true;
      if (this.#phase === 'receiving') this.surroundings.pipeline.fail(this.head, gone);
      this.#signal.abort();
    }
    this.#release();
    this.connection.closed(this.#place);
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    this.#since = performance.now();
  }
}
