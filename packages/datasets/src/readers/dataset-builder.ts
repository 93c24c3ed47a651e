import { featureMatrix, selectInput, type InputColumn } from '../columns/standardise';
import type { CategoryColumn, Dataset, InteractionLog, Items, TagColumn } from '../dataset';
import { DatasetError } from '../errors';
import { groupByUser } from '../log/group-by-user';
import { LogBuilder } from '../log/log-builder';
import { selectRows } from '../vocabulary/vocabularies';
import { VocabularyBuilder } from '../vocabulary/vocabulary-builder';

/** What a source says about its items; columns may be shorter than the catalogue. */
export interface ItemAttributes {
  readonly names?: readonly string[];
  readonly categories?: CategoryColumn;
  readonly tags?: TagColumn;
  readonly features?: readonly InputColumn[];
}

export interface BuildOptions {
  readonly name: string;
  /** Users with fewer events are left out. */
  readonly minUserInteractions: number;
  readonly userFeatures?: readonly InputColumn[];
  readonly items?: ItemAttributes;
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
  build({ name, minUserInteractions, userFeatures = [], items = {} }: BuildOptions): Dataset {
    if (this.log.length === 0) {
      throw new DatasetError('DATASET_EMPTY', `The log of ${name} holds no interaction; bring one that does.`);
    }
    this.#noteUndescribed();
    const keep = this.#chooseUsers(name, minUserInteractions);
    const newUserRows = new Int32Array(this.users.size).fill(-1);
    keep.forEach((row, newRow) => (newUserRows[row] = newRow));
    const itemCount = this.items.size;
    const interactions = groupByUser(this.log.events(), {
      userCount: keep.length,
      itemCount,
      newUserRows,
    });
    this.#noteRepeats(interactions);
    return {
      name,
      users: {
        vocabulary: keep.length === this.users.size ? this.users.build() : selectRows(this.users.build(), keep),
        features: featureMatrix(
          userFeatures.map((column) => selectInput(column, keep)),
          keep.length,
        ),
      },
      items: this.#describeItems(items, itemCount),
      interactions,
      notes: this.notes,
    };
  }

  #describeItems({ names, categories, tags, features = [] }: ItemAttributes, count: number): Items {
    return {
      vocabulary: this.items.build(),
      names: names && Array.from({ length: count }, (_, row) => names[row] ?? ''),
      categories,
      tags,
      features: featureMatrix(features, count),
    };
  }

  #chooseUsers(name: string, minUserInteractions: number): Int32Array {
    const counts = this.log.countByUser(this.users.size);
    const keep = Int32Array.from(counts.keys()).filter((user) => counts[user] >= Math.max(1, minUserInteractions));
    const silent = counts.filter((count) => count === 0).length;
    const rare = counts.length - keep.length - silent;
    if (silent > 0) this.notes.push(`${silent} users without an interaction were left out.`);
    if (rare > 0) this.notes.push(`${rare} users with fewer than ${minUserInteractions} interactions were left out.`);
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

  #noteRepeats({ userCount, itemCount, offsets, items }: InteractionLog): void {
    const lastUser = new Int32Array(itemCount).fill(-1);
    let repeats = 0;
    for (let user = 0; user < userCount; user++) {
      for (const item of items.subarray(offsets[user], offsets[user + 1])) {
        if (lastUser[item] === user) repeats++;
        lastUser[item] = user;
      }
    }
    if (repeats > 0)
      this.notes.push(`${repeats} interactions repeat an item that the user already had; they are kept.`);
  }
}
