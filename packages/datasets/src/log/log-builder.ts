import { float64Column, int32Column } from '../columns/growable';
import { DatasetError } from '../errors';
import type { EventColumns } from './group-by-user';

/** The offsets of a log are 32-bit integers. */
const MAX_EVENTS = 2 ** 31 - 1;

/** Collects events as they are read. */
export class LogBuilder {
  readonly #users = int32Column();
  readonly #items = int32Column();
  readonly #timestamps = float64Column();

  get length(): number {
    return this.#users.length;
  }

  push(user: number, item: number, seconds: number): void {
    if (this.#users.length === MAX_EVENTS) {
      throw new DatasetError('DATASET_TOO_LARGE', `The log holds more than ${MAX_EVENTS} events; bring a part of it.`);
    }
    this.#users.push(user);
    this.#items.push(item);
    this.#timestamps.push(seconds);
  }

  /** The events so far, without a copy; valid until the next push. */
  events(): EventColumns {
    return { users: this.#users.view(), items: this.#items.view(), timestamps: this.#timestamps.view() };
  }

  /** `[userCount]` events of each user. */
  countByUser(userCount: number): Int32Array {
    const counts = new Int32Array(userCount);
    for (const user of this.#users.view()) counts[user]++;
    return counts;
  }
}
