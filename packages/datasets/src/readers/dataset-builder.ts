import { buildFields, quantitiesOf, type Attributes } from '../columns/attributes';
import type { Dataset, Items } from '../dataset';
import { DatasetError } from '../errors';
import { LogBuilder, type LogLabels } from '../log/log-builder';
import type { RepeatRule } from '../log/repeats';
import { notesOnTimes } from '../log/time-span';
import { selectRows } from '../vocabulary/vocabularies';
import { VocabularyBuilder } from '../vocabulary/vocabulary-builder';

export interface BuildOptions {
  readonly name: string;
  /** Users with fewer events are left out. */
  readonly minUserInteractions: number;
  readonly users?: Attributes;
  readonly items?: Attributes;
  /** What the indices of the log's events stand for, and what their order is; in order of time by default. */
  readonly log?: LogLabels;
  readonly repeats?: RepeatRule;
}

/**
 * What every reader fills: users and items first where a source describes them, then the events.
 * The rows that descriptions add come first, so that those beyond have none.
 */
export class DatasetBuilder {
  readonly users = new VocabularyBuilder('user');
  readonly items = new VocabularyBuilder('item');
  readonly log = new LogBuilder();
  readonly notes: string[] = [];
  #describedUsers: number | undefined;
  #describedItems: number | undefined;

  /** To be called when all descriptions of users are read. */
  usersAreDescribed(): void {
    this.#describedUsers = this.users.size;
  }

  /** To be called when all descriptions of items are read. */
  itemsAreDescribed(): void {
    this.#describedItems = this.items.size;
  }

  /** @throws DatasetError (`DATASET_EMPTY`) when no event, or no user, is left */
  build({ name, minUserInteractions, users = {}, items = {}, log = {}, repeats }: BuildOptions): Dataset {
    if (this.log.length === 0) {
      throw new DatasetError(
        'DATASET_EMPTY',
        [`The log of ${name} holds no interaction; bring one that does.`, ...this.notes].join(' '),
      );
    }
    this.#noteUndescribed();
    this.notes.push(...this.users.notes(), ...this.items.notes());
    const keep = this.#chooseUsers(name, minUserInteractions);
    const newUserRows = new Int32Array(this.users.size).fill(-1);
    keep.forEach((row, newRow) => (newUserRows[row] = newRow));
    const itemCount = this.items.size;
    const interactions = this.log.build(log, { userCount: keep.length, itemCount, newUserRows });
    if ((log.order ?? 'time') === 'time') this.notes.push(...notesOnTimes(interactions.timestamps));
    const vocabulary = keep.length === this.users.size ? this.users.build() : selectRows(this.users.build(), keep);
    const now = (log.order ?? 'time') === 'time' ? newestOf(interactions.timestamps) : undefined;
    return {
      name,
      users: { vocabulary, fields: buildFields(users, { rows: keep, vocabulary, now, notes: this.notes }) },
      items: this.#describeItems(items, itemCount, now),
      interactions,
      ...(repeats === undefined ? {} : { repeats }),
      notes: this.notes,
    };
  }

  #describeItems(attributes: Attributes, count: number, now: number | undefined): Items {
    const { names } = attributes;
    const rows = Int32Array.from({ length: count }, (_, row) => row);
    const vocabulary = this.items.build();
    return {
      vocabulary,
      names: names && Array.from(rows, (row) => names[row] ?? ''),
      fields: buildFields(attributes, { rows, vocabulary, now, notes: this.notes }),
      quantities: quantitiesOf(attributes, count),
    };
  }

  #chooseUsers(name: string, minUserInteractions: number): Int32Array {
    const counts = this.log.countByUser(this.users.size);
    const keep = Int32Array.from(counts.keys()).filter((user) => counts[user] >= Math.max(1, minUserInteractions));
    const silent = counts.filter((count) => count === 0).length;
    const rare = counts.length - keep.length - silent;
    if (silent > 0) this.notes.push(`${silent} users without an interaction were excluded.`);
    if (rare > 0) this.notes.push(`${rare} users with fewer than ${minUserInteractions} interactions were excluded.`);
    if (keep.length > 0) return keep;
    throw new DatasetError(
      'DATASET_EMPTY',
      `No user of ${name} has ${minUserInteractions} interactions; lower data.minUserInteractions.`,
    );
  }

  #noteUndescribed(): void {
    const users = this.users.size - (this.#describedUsers ?? this.users.size);
    const items = this.items.size - (this.#describedItems ?? this.items.size);
    if (users > 0) this.notes.push(`${users} users of the log are not described; they have no features.`);
    if (items > 0) this.notes.push(`${items} items of the log are not described; they have no attributes.`);
  }
}

function newestOf(timestamps: Float64Array): number {
  return timestamps.reduce((newest, time) => Math.max(newest, time), -Infinity);
}
