/**
 * Many strings in one buffer: it passes from thread to thread at no cost, where an array of strings is copied one by one,
 * and takes less memory. A string is made when it is asked for.
 */
export class PackedStrings {
  constructor(private readonly parts: PackedStringsParts) {}

  static of(strings: readonly string[]): PackedStrings {
    const ends = new Float64Array(strings.length);
    let end = 0;
    strings.forEach(({ length }, i) => (ends[i] = end += length));
    const text = strings.join('');
    // Exact for every string, lone surrogates too, which UTF-8 would lose.
    const encoding = NOT_LATIN1.test(text) ? 'utf16le' : 'latin1';
    // A buffer of its own: small ones come out of a pool that others use.
    const bytes = new Uint8Array(encoding === 'latin1' ? text.length : 2 * text.length);
    Buffer.from(bytes.buffer).write(text, encoding);
    return new PackedStrings({ encoding, bytes, ends });
  }

  get length(): number {
    return this.parts.ends.length;
  }

  /** `undefined` outside [0, length). */
  at(row: number): string | undefined {
    const { encoding, bytes, ends } = this.parts;
    if (!(row >= 0 && row < ends.length)) return undefined;
    const width = encoding === 'latin1' ? 1 : 2;
    const start = row === 0 ? 0 : ends[row - 1];
    return Buffer.from(bytes.buffer, start * width, (ends[row] - start) * width).toString(encoding);
  }

  /** What another thread makes the same strings from. */
  toParts(): PackedStringsParts {
    return this.parts;
  }
}

/** Plain data. */
export interface PackedStringsParts {
  readonly encoding: 'latin1' | 'utf16le';
  /** All strings, one after the other. */
  readonly bytes: Uint8Array;
  /** Where each ends, in UTF-16 units. */
  readonly ends: Float64Array;
}

const NOT_LATIN1 = /[^\0-\xff]/;
