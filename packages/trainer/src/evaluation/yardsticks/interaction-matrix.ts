import type { InteractionLog } from '@vector-recall/datasets';

/** What a yardstick may learn from: of every user, the events of `log` before `ends`. */
export interface KnownEvents {
  readonly log: InteractionLog;
  /** `[users]`, exclusive. */
  readonly ends: Int32Array;
}

/**
 * Of a user with more distinct items only the newest count, so that one robot in a log can't cost the square of its
 * length. The longest history of MovieLens-20M has 9,254.
 */
const MOST_ITEMS_OF_USER = 10_000;

/** Which user has which item, once each, by user and by item: the binary matrix X, `[users, items]`, in sparse form. */
export interface InteractionMatrix {
  readonly users: number;
  readonly items: number;
  /** `[users + 1]`; the items of user u are `userItems[userOffsets[u] .. userOffsets[u + 1])`. */
  readonly userOffsets: Int32Array;
  readonly userItems: Int32Array;
  /** `[items + 1]`; the users of item i are `itemUsers[itemOffsets[i] .. itemOffsets[i + 1])`. */
  readonly itemOffsets: Int32Array;
  readonly itemUsers: Int32Array;
}

export function interactionMatrix({ log, ends }: KnownEvents): InteractionMatrix {
  const byUser = distinctItems({ log, ends });
  const { offsets: itemOffsets, members: itemUsers } = transpose(byUser, log.itemCount);
  return {
    users: log.userCount,
    items: log.itemCount,
    userOffsets: byUser.offsets,
    userItems: byUser.members,
    itemOffsets,
    itemUsers,
  };
}

interface Lists {
  readonly offsets: Int32Array;
  readonly members: Int32Array;
}

function distinctItems({ log, ends }: KnownEvents): Lists {
  const lastUser = new Int32Array(log.itemCount).fill(-1);
  const offsets = new Int32Array(log.userCount + 1);
  const members = new Int32Array(log.items.length);
  let filled = 0;
  for (let user = 0; user < log.userCount; user++) {
    const most = filled + MOST_ITEMS_OF_USER;
    for (let at = ends[user] - 1; at >= log.offsets[user] && filled < most; at--) {
      const item = log.items[at];
      if (lastUser[item] === user) continue;
      lastUser[item] = user;
      members[filled++] = item;
    }
    offsets[user + 1] = filled;
  }
  return { offsets, members: members.slice(0, filled) };
}

/** The lists of the members: for each of them where it stands, ascending. */
function transpose({ offsets, members }: Lists, count: number): Lists {
  const turned = new Int32Array(count + 1);
  for (const member of members) turned[member + 1]++;
  for (let n = 0; n < count; n++) turned[n + 1] += turned[n];
  const next = turned.slice(0, count);
  const owners = new Int32Array(members.length);
  for (let owner = 0; owner + 1 < offsets.length; owner++) {
    for (let at = offsets[owner]; at < offsets[owner + 1]; at++) owners[next[members[at]]++] = owner;
  }
  return { offsets: turned, members: owners };
}

/** Counts how many users two items share: single rows of XᵀX. */
export class CoOccurrences {
  readonly #counts: Int32Array;
  readonly #found: Int32Array;

  constructor(private readonly matrix: InteractionMatrix) {
    this.#counts = new Int32Array(matrix.items);
    this.#found = new Int32Array(matrix.items);
  }

  /** How many users have the item. */
  countOf(item: number): number {
    return this.matrix.itemOffsets[item + 1] - this.matrix.itemOffsets[item];
  }

  /** Visits every other item that at least one user has together with this one. */
  forEach(item: number, visit: (other: number, users: number) => void): void {
    const { userOffsets, userItems, itemOffsets, itemUsers } = this.matrix;
    const counts = this.#counts;
    const found = this.#found;
    let size = 0;
    for (let at = itemOffsets[item]; at < itemOffsets[item + 1]; at++) {
      const user = itemUsers[at];
      for (let n = userOffsets[user]; n < userOffsets[user + 1]; n++) {
        const other = userItems[n];
        if (counts[other]++ === 0) found[size++] = other;
      }
    }
    for (let n = 0; n < size; n++) {
      const other = found[n];
      if (other !== item) visit(other, counts[other]);
      counts[other] = 0;
    }
  }
}
