import { GrowableColumn, float64Column, int32Column } from '../columns/growable';
import type { ContextColumn, EventTypes, InteractionLog, NegativeSignals } from '../dataset';
import { DatasetError } from '../errors';
import { type GroupOptions, groupByUser } from './group-by-user';

/** The offsets of a log are 32-bit integers. */
const MAX_EVENTS = 2 ** 31 - 1;

/** What a source says about an event besides who, what and when; each event of a log gives the same of it. */
export interface EventDetails {
  /** Finite; 0 and below is a signal against the item. */
  readonly weight?: number;
  /** Index into the names of the types, up to 255. */
  readonly type?: number;
  /** Index into the labels of each context column, -1 when unknown. */
  readonly context?: readonly number[];
}

/** What the indices in {@link EventDetails} stand for. */
export interface LogLabels {
  readonly types?: Pick<EventTypes, 'names' | 'target'>;
  readonly context?: readonly Pick<ContextColumn, 'name' | 'labels'>[];
  readonly order?: InteractionLog['order'];
}

const float32Column = (): GrowableColumn<Float32Array> => new GrowableColumn((length) => new Float32Array(length));
const uint8Column = (): GrowableColumn<Uint8Array> => new GrowableColumn((length) => new Uint8Array(length));

const basicColumns = () => ({ users: int32Column(), items: int32Column(), timestamps: float64Column() });

/** Collects events as they are read, and the signals against items apart from them. */
export class LogBuilder {
  readonly #events = basicColumns();
  readonly #weights = float32Column();
  readonly #types = uint8Column();
  readonly #context: ReturnType<typeof int32Column>[] = [];
  readonly #negatives = basicColumns();

  get length(): number {
    return this.#events.users.length;
  }

  get negativeCount(): number {
    return this.#negatives.users.length;
  }

  push(user: number, item: number, seconds: number, { weight, type, context = [] }: EventDetails = {}): void {
    if (this.length + this.negativeCount === MAX_EVENTS) {
      throw new DatasetError('DATASET_TOO_LARGE', `The log holds more than ${MAX_EVENTS} events; bring a part of it.`);
    }
    const isNegative = weight !== undefined && weight <= 0;
    const { users, items, timestamps } = isNegative ? this.#negatives : this.#events;
    users.push(user);
    items.push(item);
    timestamps.push(seconds);
    if (isNegative) return;
    if (weight !== undefined) this.#weights.push(weight);
    if (type !== undefined) this.#types.push(type);
    context.forEach((label, place) => {
      (this.#context[place] ??= int32Column()).push(label);
    });
  }

  /** `[userCount]` events of each user. */
  countByUser(userCount: number): Int32Array {
    const counts = new Int32Array(userCount);
    for (const user of this.#events.users.view()) counts[user]++;
    return counts;
  }

  /** The log of the events so far. */
  build({ types, context, order }: LogLabels, options: GroupOptions): InteractionLog {
    const { users, items, timestamps } = this.#events;
    const hasWeights = this.length > 0 && this.#weights.length === this.length;
    const log = groupByUser(
      {
        users: users.view(),
        items: items.view(),
        timestamps: timestamps.view(),
        ...(hasWeights ? { weights: this.#weights.view() } : {}),
        ...(types === undefined ? {} : { types: { ...types, values: this.#types.view() } }),
        ...(context === undefined
          ? {}
          : { context: context.map((column, place) => ({ ...column, values: this.#context[place].view() })) }),
      },
      options,
    );
    return {
      ...log,
      ...(this.negativeCount === 0 ? {} : { negatives: this.#buildNegatives(options) }),
      ...(order === undefined ? {} : { order }),
    };
  }

  #buildNegatives(options: GroupOptions): NegativeSignals {
    const { users, items, timestamps } = this.#negatives;
    const columns = { users: users.view(), items: items.view(), timestamps: timestamps.view() };
    const grouped = groupByUser(columns, options);
    return { offsets: grouped.offsets, items: grouped.items, timestamps: grouped.timestamps };
  }
}
