import { endianness } from 'node:os';

/** Bytes of the wire types that the responses use (https://protobuf.dev/programming-guides/encoding). */
const VARINT = 0;
const LENGTH_DELIMITED = 2;

const isLittleEndian = endianness() === 'LE';

/**
 * Writes a protobuf message from its last byte to its first. What a length counts is then written before the length
 * itself, so that no message has to be measured or copied before it is written.
 */
export class BackwardWriter {
  #bytes: Buffer;
  #start: number;

  constructor(capacity = 16_384) {
    this.#bytes = Buffer.allocUnsafe(capacity);
    this.#start = capacity;
  }

  /** Bytes written so far: a place to measure the length of a field from. */
  get written(): number {
    return this.#bytes.length - this.#start;
  }

  /** Begins a new message in the same memory. */
  begin(): void {
    this.#start = this.#bytes.length;
  }

  /** Copies out what was written. */
  finish(): Buffer {
    const message = Buffer.allocUnsafe(this.written);
    this.#bytes.copy(message, 0, this.#start);
    return message;
  }

  /** Closes a nested message, string or packed list whose bytes were written since `from`. Empty ones are written too. */
  lengthDelimited(field: number, from: number): void {
    this.varint(this.written - from);
    this.varint((field << 3) | LENGTH_DELIMITED);
  }

  /** A field that is left out where it is zero. */
  uint32(field: number, value: number): void {
    if (value === 0) return;
    this.varint(value);
    this.varint((field << 3) | VARINT);
  }

  /** A field that is left out where it is empty. */
  string(field: number, text: string): void {
    if (text !== '') this.repeatedString(field, text);
  }

  /** An entry of a list, which is written even where it is empty. */
  repeatedString(field: number, text: string): void {
    const from = this.written;
    this.#text(text);
    this.lengthDelimited(field, from);
  }

  /** @param values in [-(2^53 - 1), 2^53 - 1] */
  packedInt64(field: number, values: readonly number[]): void {
    if (values.length === 0) return;
    const from = this.written;
    this.#reserve(values.length * 10);
    for (let i = values.length - 1; i >= 0; i--) this.varint(values[i]);
    this.lengthDelimited(field, from);
  }

  packedFloat(field: number, values: Float32Array): void {
    if (values.length === 0) return;
    const from = this.written;
    this.#reserve(values.byteLength);
    this.#start -= values.byteLength;
    if (isLittleEndian) {
      this.#bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), this.#start);
    } else {
      values.forEach((value, i) => this.#bytes.writeFloatLE(value, this.#start + i * 4));
    }
    this.lengthDelimited(field, from);
  }

  /** @param value an integer in [-(2^53 - 1), 2^53 - 1]; negative ones take ten bytes */
  varint(value: number): void {
    this.#reserve(10);
    if (value >= 0 && value < 0x80) {
      this.#bytes[--this.#start] = value;
    } else if (value >= 0 && value < 0x80000000) {
      this.#varint32(value);
    } else {
      this.#varint64(BigInt.asUintN(64, BigInt(value)));
    }
  }

  #varint32(value: number): void {
    const size = value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5;
    let at = (this.#start -= size);
    for (; value >= 0x80; value >>>= 7) this.#bytes[at++] = (value & 0x7f) | 0x80;
    this.#bytes[at] = value;
  }

  #varint64(value: bigint): void {
    const groups: number[] = [];
    for (; value >= 0x80n; value >>= 7n) groups.push(Number(value & 0x7fn) | 0x80);
    groups.push(Number(value));
    this.#start -= groups.length;
    this.#bytes.set(groups, this.#start);
  }

  #text(text: string): void {
    // An UTF-16 unit takes at most three bytes.
    this.#reserve(text.length * 3);
    let at = this.#start;
    // Ids are short and mostly ASCII: a call into the runtime for each would cost more than the loop.
    for (let i = text.length - 1; i >= 0; i--) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) {
        this.#start -= Buffer.byteLength(text);
        this.#bytes.write(text, this.#start);
        return;
      }
      this.#bytes[--at] = unit;
    }
    this.#start = at;
  }

  #reserve(size: number): void {
    if (this.#start >= size) return;
    const { written } = this;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, written + size));
    this.#bytes.copy(grown, grown.length - written, this.#start);
    this.#start = grown.length - written;
    this.#bytes = grown;
  }
}
