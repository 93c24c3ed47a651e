import { MalformedMessageError, WireRequestError } from '../errors';

/** Wire types (https://protobuf.dev/programming-guides/encoding). */
export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH_DELIMITED = 2;
const START_GROUP = 3;
const END_GROUP = 4;
export const FIXED32 = 5;

/** Groups within groups, as other implementations bound them. */
const DEEPEST_GROUP = 100;

/**
 * Reads a protobuf message field by field, building nothing that its caller doesn't ask for: lists are counted before
 * they are read, so that a request of millions of entries costs no more than one pass over its bytes.
 */
export class ProtoReader {
  /** @param end where the message ends, exclusive */
  constructor(
    private readonly bytes: Buffer,
    private at = 0,
    private readonly end = bytes.length,
  ) {}

  get isDone(): boolean {
    return this.at >= this.end;
  }

  /** The number of the next field, and its wire type in the lowest three bits. */
  tag(): number {
    const tag = this.uint32();
    if (tag < 8) throw new MalformedMessageError();
    return tag;
  }

  /** A varint of up to ten bytes, of which the lowest 32 bits are taken. */
  uint32(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#byte();
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new MalformedMessageError();
  }

  bool(): boolean {
    return this.int64() !== 0;
  }

  /**
   * A signed integer of 64 bits as a double: exact up to 2^53, rounded beyond, where it is never below 2^53 in size. No
   * catalogue holds integers as large as that, so a rounded id is still that of nothing.
   */
  int64(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    let low = first & 0x7f;
    for (let shift = 7; shift < 28; shift += 7) {
      const byte = this.#byte();
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return low;
    }
    // Bits 28 to 55, then 56 to 63.
    let middle = 0;
    let high = 0;
    for (let shift = 0; shift < 42; shift += 7) {
      const byte = this.#byte();
      if (shift < 28) middle |= (byte & 0x7f) << shift;
      else high |= (byte & 0x7f) << (shift - 28);
      if (byte < 0x80) break;
      if (shift === 35) throw new MalformedMessageError();
    }
    high &= 0xff;
    if (high < 0x80) return low + middle * 2 ** 28 + high * 2 ** 56;
    // Two's complement: the value is the negative of what is flipped, plus one.
    return -(0xfffffff - low + (0xfffffff - middle) * 2 ** 28 + (0xff - high) * 2 ** 56 + 1);
  }

  float(): number {
    const at = this.#take(4);
    return this.bytes.readFloatLE(at);
  }

  double(): number {
    const at = this.#take(8);
    return this.bytes.readDoubleLE(at);
  }

  text(): string {
    const { start, end } = this.slice();
    return this.bytes.toString('utf8', start, end);
  }

  /** Where a field of bytes, text or a message lies. */
  slice(): { readonly start: number; readonly end: number } {
    const length = this.uint32();
    const start = this.#take(length);
    return { start, end: start + length };
  }

  /** A reader of the message that the field holds. */
  message(): ProtoReader {
    const { start, end } = this.slice();
    return new ProtoReader(this.bytes, start, end);
  }

  /** How many varints are left, where there is nothing else: each ends with a byte below 0x80. */
  countVarints(): number {
    let count = 0;
    for (let i = this.at; i < this.end; i++) count += (this.bytes[i] >> 7) ^ 1;
    return count;
  }

  /** `[count]` packed floats. */
  floats(): Float32Array {
    const { start, end } = this.slice();
    if ((end - start) % 4 !== 0) throw new MalformedMessageError();
    const values = new Float32Array((end - start) / 4);
    for (let i = 0; i < values.length; i++) values[i] = this.bytes.readFloatLE(start + i * 4);
    return values;
  }

  /** Passes over a field of no interest, whatever it holds. */
  skip(tag: number): void {
    const groups: number[] = [];
    for (let next = tag; ; next = this.tag()) {
      const type = next & 7;
      if (type === START_GROUP) {
        if (groups.push(next >>> 3) > DEEPEST_GROUP) throw new MalformedMessageError();
      } else if (type === END_GROUP) {
        if (groups.pop() !== next >>> 3) throw new MalformedMessageError();
      } else {
        this.#skipValue(type);
      }
      if (groups.length === 0) return;
    }
  }

  #skipValue(type: number): void {
    if (type === VARINT) this.uint32();
    else if (type === FIXED64) this.#take(8);
    else if (type === LENGTH_DELIMITED) this.slice();
    else if (type === FIXED32) this.#take(4);
    else throw new MalformedMessageError();
  }

  #byte(): number {
    if (this.at >= this.end) throw new MalformedMessageError();
    return this.bytes[this.at++];
  }

  /** @returns where the bytes begin */
  #take(length: number): number {
    const start = this.at;
    if (length > this.end - start) throw new MalformedMessageError();
    this.at = start + length;
    return start;
  }
}

/**
 * Reads a whole message.
 * @param name of the message in the contract, for errors
 * @throws WireRequestError
 */
export function readMessage<Result>(name: string, bytes: Buffer, read: (reader: ProtoReader) => Result): Result {
  try {
    return read(new ProtoReader(bytes));
  } catch (error) {
    if (!(error instanceof MalformedMessageError)) throw error;
    throw new WireRequestError(name, `The recall.v1.${name} is not a valid protobuf message.`);
  }
}
