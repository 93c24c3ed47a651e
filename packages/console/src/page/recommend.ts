import type { Answer, Contract, Item, ModelInfo, Query } from './contract.ts';
import { nearest } from './reasons.ts';

/** Newest items of a history that are shown, and that reasons are looked for among. */
const HISTORY = 200;

/** Reasons for one recommendation. */
const REASONS = 2;

/** An item of the history that a recommendation is near to. */
export interface Reason {
  readonly item: Item;
  /** In [-1, 1]. */
  readonly cosine: number;
}

export interface Recommendation extends Item {
  readonly score: number;
  /** Why it stands where it does; empty without rules. */
  readonly placement: string;
  /** The nearest items of the history, nearest first. */
  readonly reasons: readonly Reason[];
}

/** What the page shows of one query. */
export interface Recommended {
  readonly query: Query;
  readonly answer: Answer;
  readonly recommendations: readonly Recommendation[];
  /** Newest first: of the user, or the one item that was asked for. */
  readonly history: readonly Item[];
  /** Items of the whole history. */
  readonly historyLength: number;
  /** From the request to the answer, as the browser sees it, in milliseconds. */
  readonly roundTripMs: number;
}

/**
 * Asks for recommendations, and for what explains them: names, the history, and the items of it that each is near to.
 * @throws CallError
 */
export async function recommend(contract: Contract, query: Query, info: ModelInfo): Promise<Recommended> {
  const begunAt = performance.now();
  const answer = await contract.recall(query, info);
  const roundTripMs = performance.now() - begunAt;
  const isUser = query.from === 'user';
  const whole = isUser ? await contract.userHistory(query.id, info) : [query.id];
  const newest = whole.slice(-Math.min(HISTORY, info.maxTopK)).reverse();
  const [items, history, vectors, historyVectors] = await Promise.all([
    contract.items(answer.ids, info),
    contract.items(newest, info),
    isUser ? contract.vectors(answer.ids, info) : [],
    isUser ? contract.vectors(newest, info) : [],
  ]);
  const recommendations = items.map((item, place) => ({
    ...item,
    score: answer.scores[place],
    placement: answer.placements[place] ?? '',
    reasons: nearest(vectors[place] ?? [], historyVectors, REASONS).map(({ row, cosine }) => ({
      item: history[row],
      cosine,
    })),
  }));
  return { query, answer, recommendations, history, historyLength: whole.length, roundTripMs };
}
