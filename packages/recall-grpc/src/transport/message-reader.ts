import { status } from '@grpc/grpc-js';
import type { CallStatus } from '../contract/status';

/** Whether it is compressed (1 byte), and its length (4 bytes, big endian). */
const PREFIX_BYTES = 5;

/** A request as it came. */
export interface ReceivedMessage {
  readonly bytes: Buffer;
  readonly isCompressed: boolean;
}

/**
 * Puts the one message of a call together from the pieces in which it comes. It is refused as soon as its prefix says
 * that it is too large; what comes in many pieces is copied once, into memory of the length that was announced.
 */
export class MessageReader {
  #prefix: Buffer = Buffer.alloc(0);
  #message?: Buffer;
  #received = 0;

  constructor(private readonly maxBytes: number) {}

  /** Bytes of the message, once its prefix has come. */
  get announcedBytes(): number | undefined {
    return this.#prefix.length < PREFIX_BYTES ? undefined : this.#prefix.readUInt32BE(1);
  }

  /** Whether all that was announced is here. */
  get isComplete(): boolean {
    return this.announcedBytes === this.#received;
  }

  /** Bytes that the message lacks, as far as its prefix tells: at least 1 until it is complete. */
  get missingBytes(): number {
    const announced = this.announcedBytes;
    return announced === undefined ? PREFIX_BYTES - this.#prefix.length : announced - this.#received;
  }

  /** Whether nothing of the message has come. */
  get isEmpty(): boolean {
    return this.#prefix.length === 0;
  }

  /** @returns why the call is refused, if it is */
  add(piece: Buffer): CallStatus | undefined {
    const rest = this.#addToPrefix(piece);
    const announced = this.announcedBytes;
    if (announced === undefined) return undefined;
    if (announced > this.maxBytes) {
      const details = `The request has ${announced} bytes, but this method takes at most ${this.maxBytes}.`;
      return { code: status.RESOURCE_EXHAUSTED, details };
    }
    if (this.#received + rest.length > announced) {
      return { code: status.UNIMPLEMENTED, details: 'The method takes one request a call, but more has come.' };
    }
    // Mostly the whole message comes at once, and then nothing is copied.
    if (rest.length === announced) this.#message = rest;
    else if (rest.length > 0) {
      this.#message ??= Buffer.allocUnsafe(announced);
      rest.copy(this.#message, this.#received);
    }
    this.#received += rest.length;
    return undefined;
  }

  /** What has come when the caller has sent all; a status where that is not one whole message. */
  finish(): ReceivedMessage | CallStatus {
    if (this.#prefix.length === 0) {
      return { code: status.UNIMPLEMENTED, details: 'The method takes one request a call, but none has come.' };
    }
    const flag = this.#prefix[0];
    if (!this.isComplete || flag > 1) {
      return { code: status.INVALID_ARGUMENT, details: 'The request is not a whole gRPC message.' };
    }
    return { bytes: this.#message ?? Buffer.alloc(0), isCompressed: flag === 1 };
  }

  /** @returns what follows the prefix */
  #addToPrefix(piece: Buffer): Buffer {
    const missing = PREFIX_BYTES - this.#prefix.length;
    if (missing === 0) return piece;
    const part = piece.subarray(0, missing);
    this.#prefix = this.#prefix.length === 0 ? part : Buffer.concat([this.#prefix, part]);
    return piece.subarray(missing);
  }
}
