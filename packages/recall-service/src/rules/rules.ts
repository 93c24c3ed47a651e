/** How candidates of a wider pool are put in another order, and which of them are passed over. */
export interface Rules {
  /** How many candidates are searched for and chosen from, at least `topK`. Default four times `topK`. */
  readonly pool?: number;
  /** How many items of one label may be returned: `{ attribute: 'brand', most: 3 }`. */
  readonly caps?: readonly Cap[];
  readonly diversity?: Diversity;
  readonly decays?: readonly Decay[];
  readonly boosts?: readonly Boost[];
  readonly promoted?: Promotion;
}

/** At most so many items of each label of an attribute. Items without a label are not counted. */
export interface Cap {
  /** Of the kind `labels`. */
  readonly attribute: string;
  /** At least 1. */
  readonly most: number;
}

/** Maximal marginal relevance (Carbonell and Goldstein 1998): what is like an item that stands before it moves back. */
export interface Diversity {
  /** In [0, 1]: 1 orders by score alone, 0 by difference from what stands before alone. */
  readonly lambda: number;
}

/** Halves the score of an item each time that its age grows by a half-life. Items without the date keep theirs. */
export interface Decay {
  /** Of the kind `date`. */
  readonly attribute: string;
  /** In seconds, above 0. */
  readonly halfLife: number;
}

/** Adds `weight` times a number of the item to its score. Items without the number keep theirs. */
export interface Boost {
  /** Of the kind `number`. */
  readonly attribute: string;
  /** Any finite number; below 0 it lowers. */
  readonly weight: number;
}

/** Items that stand first, in the order of the list, wherever they may be returned and caps have room. */
export interface Promotion {
  /** The preferred one first. Ids that the catalogue does not hold are passed over. */
  readonly itemIds: readonly (number | string)[];
  /** How many stand first at most, 1 to `topK`. */
  readonly quota: number;
}

export const rulesLimits = {
  /** Entries of each of `caps`, `decays` and `boosts`. */
  maxEntries: 8,
  maxPromoted: 1000,
  /** The pool, in times the largest `topK` that the service allows. */
  poolTimes: 4,
  /** With `diversity`, `topK` times the pool: a millisecond or two of work. */
  maxPairs: 4_000_000,
} as const;

/**
 * Why an item stands where it stands. `score`: no better one was left. `cap`: better ones were, but none whose cap had
 * room. `diversity`: better ones were, but more like what stands before. `promoted`: it is on the list.
 */
export type Placement = 'score' | 'cap' | 'diversity' | 'promoted';

/** What rules did, item by item, in the order of the answer. */
export interface RulesOutcome {
  /** How many candidates they chose from. */
  readonly pool: number;
  /** What decays and boosts added to each score; absent where there are none. */
  readonly added?: Float32Array;
  readonly placements: readonly Placement[];
}
