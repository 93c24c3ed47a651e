/** What a column needs of the typed array that it grows in. */
interface Store<T> {
  readonly length: number;
  [index: number]: number;
  set(values: T): void;
  subarray(from: number, to: number): T;
}

/**
 * A typed column of unknown length. Growth doubles the store, so that appending is constant time on average and the
 * values never become boxed numbers.
 */
export class GrowableColumn<T extends Store<T>> {
  #values: T;
  #length = 0;

  constructor(private readonly create: (length: number) => T) {
    this.#values = create(1024);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) this.#grow();
    this.#values[this.#length++] = value;
  }

  /** The value at an index in [0, length). */
  at(index: number): number {
    return this.#values[index];
  }

  /** What was pushed, without a copy; valid until the next push. */
  view(): T {
    return this.#values.subarray(0, this.#length);
  }

  /** What was pushed, in an array of exactly that length. */
  toArray(): T {
    const values = this.create(this.#length);
    values.set(this.view());
    return values;
  }

  #grow(): void {
    const larger = this.create(this.#values.length * 2);
    larger.set(this.#values);
    this.#values = larger;
  }
}

export const int32Column = (): GrowableColumn<Int32Array> => new GrowableColumn((length) => new Int32Array(length));

export const float64Column = (): GrowableColumn<Float64Array> =>
  new GrowableColumn((length) => new Float64Array(length));
