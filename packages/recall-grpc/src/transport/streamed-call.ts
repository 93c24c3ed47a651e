import type { ServerHttp2Stream } from 'node:http2';
import { status } from '@grpc/grpc-js';
import type { CallStatus } from '../contract/status';
import type { CallEnd, CallHead } from '../pipeline/call';
import { CallSignal } from '../pipeline/call-signal';
import { atDeadline } from '../pipeline/deadline';
import { gone, lateDeadline, noRoom } from './call-outcomes';
import type { Connection, OpenCall } from './connection';
import { endCall } from './end-call';
import { MessageReader, type ReceivedMessage } from './message-reader';
import type { CallSurroundings } from './unary-call';
import { unpack } from './unpack';

/** Requests that are worked on at once: the log takes them to the disk together. */
const AT_ONCE = 8;

/** A request that was received, and the memory that was set aside for it. */
interface Pending extends ReceivedMessage {
  readonly reservedBytes: number;
}

/**
 * One call with a stream of requests and one response, on its HTTP/2 stream. Each request goes through the pipeline as a call
 * of its own would. They are begun in their order, a few at a time, and no more is read meanwhile: so flow control holds back
 * a caller that sends faster than the work is done.
 */
export class StreamedCall implements OpenCall {
  #reader: MessageReader;
  /** Set aside for the request that is being received. */
  #reservedBytes = 0;
  readonly #pending: Pending[] = [];
  #begun = 0;
  #underWay = 0;
  #isBeginning = false;
  #hasAll = false;
  #isSending = false;
  #hasEnded = false;
  #response: Buffer = Buffer.alloc(0);
  /** Of the first request that was not made; sent once those before it are. */
  #refusal?: CallEnd;
  /** When something came or was done last, in milliseconds of `performance.now()`. */
  #since = performance.now();
  readonly #signal = new CallSignal();
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #place: number;

  constructor(
    private readonly stream: ServerHttp2Stream,
    private readonly head: CallHead,
    private readonly connection: Connection,
    private readonly surroundings: CallSurroundings,
  ) {
    this.#reader = this.#newReader();
    this.#place = connection.opened(this);
    if (head.deadline !== Infinity) {
      this.#timer = atDeadline(head.deadline, () => {
        this.#fail(lateDeadline);
      });
    }
    stream.on('data', (piece: Buffer) => {
      this.#receive(piece);
    });
    stream.on('end', () => {
      this.#hasAll = true;
      if (!this.#reader.isEmpty) {
        this.#fail({ code: status.INVALID_ARGUMENT, details: 'The stream ends within a request.' });
      }
      this.#goOn();
    });
    // What is wrong with a stream also closes it.
    stream.on('error', () => undefined);
    stream.on('close', () => {
      this.#closed();
    });
  }

  checkTransfer(now: number, transferMs: number): void {
    const waitsForCaller = this.#isSending || (this.#underWay === 0 && !this.#isBeginning);
    if (!waitsForCaller || now - this.#since < transferMs) return;
    if (this.#isSending) this.stream.destroy();
    else this.#fail({ code: status.DEADLINE_EXCEEDED, details: `No whole request came within ${transferMs} ms.` });
  }

  #newReader(): MessageReader {
    return new MessageReader(this.head.method.maxRequestBytes);
  }

  /** Takes what has come apart into requests. */
  #receive(piece: Buffer): void {
    for (let rest = piece; rest.length > 0 && !this.#hasEnded;) {
      const part = rest.subarray(0, this.#reader.missingBytes);
      rest = rest.subarray(part.length);
      const refusal = this.#reader.add(part) ?? this.#reserve(rest.length);
      if (refusal !== undefined) this.#fail(refusal);
      else if (this.#reader.isComplete) this.#finishRequest();
    }
    this.#goOn();
  }

  #finishRequest(): void {
    const message = this.#reader.finish();
    this.#reader = this.#newReader();
    this.#since = performance.now();
    if ('code' in message) this.#fail(message);
    else this.#pending.push({ ...message, reservedBytes: this.#reservedBytes });
    this.#reservedBytes = 0;
  }

  /** Sets memory aside for a request of which more is to come than is here. */
  #reserve(hereBytes: number): CallStatus | undefined {
    const bytes = this.#reader.announcedBytes;
    if (this.#reservedBytes > 0 || bytes === undefined || this.#reader.missingBytes <= hereBytes) return undefined;
    if (!this.surroundings.budget.take(this.connection, bytes)) return noRoom;
    this.#reservedBytes = bytes;
    return undefined;
  }

  #giveBack(bytes: number): void {
    if (bytes > 0) this.surroundings.budget.giveBack(this.connection, bytes);
  }

  /** Begins what may begin, reads on where there is room, and answers when all is done. */
  #goOn(): void {
    if (this.#hasEnded) return;
    if (this.#refusal !== undefined) {
      if (this.#underWay === 0) this.#end(this.#refusal);
      else this.stream.pause();
      return;
    }
    if (this.#pending.length > 0 && this.#underWay < AT_ONCE && !this.#isBeginning) void this.#begin();
    if (this.#pending.length > 0 || this.#underWay >= AT_ONCE) this.stream.pause();
    else if (!this.#hasAll) this.stream.resume();
    else if (this.#underWay === 0 && !this.#isBeginning) {
      this.#end({ code: status.OK, details: '', response: this.#response });
    }
  }

  /** Begins the next request; those behind it wait until it is unpacked, as changes are made in their order. */
  async #begin(): Promise<void> {
    const request = this.#pending.shift();
    if (request === undefined) return;
    const place = this.#begun++;
    const { headers, method } = this.head;
    let bytes: Buffer | CallStatus = request.bytes;
    if (request.isCompressed) {
      this.#isBeginning = true;
      const encoding = headers['grpc-encoding'];
      bytes = await unpack(bytes, encoding === undefined ? undefined : String(encoding), method.maxRequestBytes);
      this.#isBeginning = false;
    }
    if (this.#hasEnded || this.#refusal !== undefined || 'code' in bytes) {
      this.#giveBack(request.reservedBytes);
      if ('code' in bytes) this.#refuse(this.surroundings.pipeline.fail(this.head, bytes), place);
      this.#goOn();
      return;
    }
    this.#underWay++;
    void this.surroundings.pipeline.run(this.head, bytes, this.#signal).then((end) => {
      this.#giveBack(request.reservedBytes);
      this.#underWay--;
      this.#since = performance.now();
      if (end.response === undefined) this.#refuse(end, place);
      else this.#response = method.join?.(this.#response, end.response) ?? end.response;
      this.#goOn();
    });
    this.#goOn();
  }

  /** Begins nothing more, and says which request was refused, counted from 1. */
  #refuse(end: CallEnd, place: number): void {
    this.#refusal ??= { ...end, details: `Request ${place + 1} of the stream: ${end.details}` };
  }

  /** Ends it before all its requests are done. */
  #fail(outcome: CallStatus): void {
    if (!this.#hasEnded) this.#end(this.surroundings.pipeline.fail(this.head, outcome));
  }

  #end(end: CallEnd): void {
    if (this.#hasEnded) return;
    this.#letGo();
    this.#isSending = true;
    this.#since = performance.now();
    endCall(this.stream, end);
  }

  /** Nothing more is begun. What is under way is made, unless its caller has gone. */
  #letGo(): void {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    this.#giveBack(this.#reservedBytes + this.#pending.reduce((sum, request) => sum + request.reservedBytes, 0));
    this.#reservedBytes = 0;
    this.#pending.length = 0;
  }

  #closed(): void {
    if (!this.#hasEnded) {
      this.#letGo();
      this.surroundings.pipeline.fail(this.head, gone);
    }
    this.#signal.abort();
    this.connection.closed(this.#place);
  }
}
