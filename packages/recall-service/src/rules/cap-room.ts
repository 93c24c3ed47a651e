import type { LabelGroups } from './item-attributes';
import type { Cap } from './rules';

/** What reads labels of items; {@link ItemAttributes} is one. */
export interface LabelReader {
  labels(attribute: string, rows: Int32Array): LabelGroups;
}

/** How many more items of each label may be chosen. */
export class CapRoom {
  private constructor(
    /** `[items + 1]`: item `i` is of the groups `groups[starts[i] .. starts[i + 1])`. */
    readonly starts: Int32Array,
    readonly groups: Int32Array,
    /** `[groups]` */
    readonly room: Int32Array,
  ) {}

  /** All labels of all capped attributes, of the items of some rows. */
  static of(caps: readonly Cap[], rows: Int32Array, attributes: LabelReader): CapRoom {
    const parts = caps.map(({ attribute }) => attributes.labels(attribute, rows));
    const starts = new Int32Array(rows.length + 1);
    const groups = new Int32Array(parts.reduce((sum, part) => sum + part.groups.length, 0));
    let at = 0;
    for (let i = 0; i < rows.length; i++) {
      let first = 0;
      for (const part of parts) {
        for (let j = part.starts[i]; j < part.starts[i + 1]; j++) groups[at++] = first + part.groups[j];
        first += part.groupCount;
      }
      starts[i + 1] = at;
    }
    const room = Int32Array.from(caps.flatMap(({ most }, i) => new Array<number>(parts[i].groupCount).fill(most)));
    return new CapRoom(starts, groups, room);
  }

  /** `starts` and `groups` of some items, in another order. */
  listed(items: Int32Array): { starts: Int32Array; groups: Int32Array } {
    const starts = new Int32Array(items.length + 1);
    const groups = new Int32Array(this.groups.length);
    if (groups.length === 0) return { starts, groups };
    let at = 0;
    for (let i = 0; i < items.length; i++) {
      for (let j = this.starts[items[i]]; j < this.starts[items[i] + 1]; j++) groups[at++] = this.groups[j];
      starts[i + 1] = at;
    }
    return { starts, groups: groups.subarray(0, at) };
  }

  /** The same, of its own. */
  copy(): CapRoom {
    return new CapRoom(this.starts, this.groups, this.room.slice());
  }

  has(item: number): boolean {
    for (let i = this.starts[item]; i < this.starts[item + 1]; i++) {
      if (this.room[this.groups[i]] <= 0) return false;
    }
    return true;
  }

  /** Counts an item, whether there is room or not. */
  take(item: number): void {
    for (let i = this.starts[item]; i < this.starts[item + 1]; i++) this.room[this.groups[i]]--;
  }
}
