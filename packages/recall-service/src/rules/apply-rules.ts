import { selectDiverse, type SearchResult } from '@vector-recall/hnsw-index';
import { adjustScores, type NumberReader } from './adjust-scores';
import { CapRoom, type LabelReader } from './cap-room';
import type { ParsedRules } from './parse-rules';
import { explainPlaces } from './explain-places';
import { withBytes } from './lent-bytes';
import { orderByValue } from './order-by-value';
import type { RulesOutcome } from './rules';

export interface RuledSearch {
  /** The pool, best first. */
  readonly found: SearchResult;
  /** The items on the list of promoted ones that may be returned, in any order. */
  readonly promoted?: SearchResult;
  readonly rules: ParsedRules;
  readonly topK: number;
}

/** What rules read of items. */
export interface RuleSources {
  readonly attributes: NumberReader & LabelReader;
  readonly dim: number;
  /** Writes `[rows, dim]`: see `directionOf`. */
  readonly writeDirections: (rows: Int32Array, into: Int8Array) => Promise<void>;
  /** Seconds since 1970. */
  readonly now: number;
}

export interface RuledItems extends SearchResult {
  readonly rules: RulesOutcome;
}

/**
 * Chooses items from a pool: promoted ones first, then by adjusted score or marginal relevance, never more of a label
 * than its cap. The scores stay those of the search.
 */
export async function applyRules(search: RuledSearch, sources: RuleSources): Promise<RuledItems> {
  const { found, rules, topK } = search;
  const pool = withPromoted(search);
  const adjusted = adjustScores(pool.rows, pool.scores, rules, sources.attributes, sources.now);
  const caps = CapRoom.of(rules.caps, pool.rows, sources.attributes);
  const room = caps.copy();
  const first = promotedItems(pool, rules, room, topK);
  const order = orderOf(found.labels.length, adjusted, first);
  const chosen =
    rules.lambda === undefined
      ? takeInOrder(order, first.length, room, topK)
      : await takeDiverse(
          { order, given: first.length, room, topK, lambda: rules.lambda },
          pool.rows,
          adjusted,
          sources,
        );
  const labels = new Int32Array(chosen.length);
  const scores = new Float32Array(chosen.length);
  const added = new Float32Array(chosen.length);
  for (let i = 0; i < chosen.length; i++) {
    labels[i] = pool.rows[chosen[i]];
    scores[i] = pool.scores[chosen[i]];
    added[i] = adjusted[chosen[i]] - scores[i];
  }
  const placements = explainPlaces(order, chosen, first.length, caps);
  const isAdjusted = rules.decays.length > 0 || rules.boosts.length > 0;
  const outcome = { pool: found.labels.length, ...(isAdjusted ? { added } : {}), placements };
  return { labels, scores, plan: found.plan, rules: outcome };
}

/** What is chosen from, numbered from 0: the pool, and behind it the promoted items that it lacks. */
interface Pool {
  readonly rows: Int32Array;
  readonly scores: Float32Array;
  /** The number of each row, where there are promoted items. */
  readonly items: ReadonlyMap<number, number>;
}

function withPromoted({ found, promoted }: RuledSearch): Pool {
  if (promoted === undefined || promoted.labels.length === 0) {
    return { rows: found.labels, scores: found.scores, items: new Map() };
  }
  const items = new Map<number, number>();
  for (const row of found.labels) items.set(row, items.size);
  const scores = [...found.scores];
  for (const [place, row] of promoted.labels.entries()) {
    if (items.has(row)) continue;
    items.set(row, items.size);
    scores.push(promoted.scores[place]);
  }
  return { rows: Int32Array.from(items.keys()), scores: Float32Array.from(scores), items };
}

/** The first of the list that may be returned and have room, as many as the quota allows. Takes their room. */
function promotedItems({ items }: Pool, { promoted, quota }: ParsedRules, room: CapRoom, topK: number): number[] {
  const first: number[] = [];
  for (const row of promoted) {
    if (first.length === Math.min(quota, topK)) break;
    const item = items.get(row);
    if (item === undefined || !room.has(item)) continue;
    room.take(item);
    first.push(item);
  }
  return first;
}

/** The promoted items, then the rest of the pool from the best adjusted score down; of equal ones in the pool's order. */
function orderOf(poolSize: number, adjusted: Float64Array, first: readonly number[]): Int32Array {
  const isFirst = new Uint8Array(adjusted.length);
  for (const item of first) isFirst[item] = 1;
  const order = new Int32Array(first.length + poolSize);
  order.set(first);
  let count = first.length;
  for (let item = 0; item < poolSize; item++) if (isFirst[item] === 0) order[count++] = item;
  orderByValue(order.subarray(first.length, count), adjusted);
  return order.subarray(0, count);
}

/** @returns items of the order that have room, the first `given` whatever comes */
function takeInOrder(order: Int32Array, given: number, room: CapRoom, topK: number): Int32Array {
  const chosen = new Int32Array(Math.min(topK, order.length));
  chosen.set(order.subarray(0, given));
  let count = given;
  for (let i = given; i < order.length && count < topK; i++) {
    if (!room.has(order[i])) continue;
    room.take(order[i]);
    chosen[count++] = order[i];
  }
  return chosen.subarray(0, count);
}

interface DiverseChoice {
  readonly order: Int32Array;
  readonly given: number;
  readonly room: CapRoom;
  readonly topK: number;
  readonly lambda: number;
}

/** Relevance is the adjusted score, brought into [0, 1] over all that is chosen from: so `lambda` means the same in every space. */
async function takeDiverse(
  { order, given, room, topK, lambda }: DiverseChoice,
  rows: Int32Array,
  adjusted: Float64Array,
  { dim, writeDirections }: RuleSources,
): Promise<Int32Array> {
  const count = order.length;
  const ordered = new Int32Array(count);
  const relevances = new Float64Array(count);
  let least = Infinity;
  let most = -Infinity;
  for (let i = 0; i < count; i++) {
    const item = order[i];
    ordered[i] = rows[item];
    const value = adjusted[item];
    relevances[i] = value;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const range = most - least;
  for (let i = 0; i < count; i++) relevances[i] = range > 0 ? (relevances[i] - least) / range : 0;
  const { starts: groupStarts, groups } = room.listed(order);
  return withBytes(count * dim, async (directions) => {
    await writeDirections(ordered, directions);
    const candidates = {
      directions,
      relevances,
      lambda,
      groupStarts,
      groups,
      room: room.room,
    };
    const before = Array.from({ length: given }, (_, i) => i);
    const chosen = selectDiverse(candidates, topK, before);
    for (let i = 0; i < chosen.length; i++) chosen[i] = order[chosen[i]];
    return chosen;
  });
}
