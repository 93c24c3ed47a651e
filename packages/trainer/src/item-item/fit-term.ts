import type { RandomStream } from '@vector-recall/random';
import { type ItemItemWeights, termOf, type TwoTowerModel } from '@vector-recall/towers';
import type { EaseWeights } from '../evaluation/yardsticks/ease';
import type { KnownEvents } from '../evaluation/yardsticks/interaction-matrix';
import { equalWeight } from './equal-weight';
import { ridgeRegression } from './ridge';
import { scoreDirections } from './score-directions';

/**
 * The item-item term of a model: EASE^R in a few dimensions. What EASE^R does not know, since it occurs nowhere among the
 * known events, gets a row by what the item tower makes of its attributes.
 *
 * @param model without a term
 * @param ease fitted to the known events
 * @param rank at least 1; fewer where there are not so many items
 * @returns with a weight at which it spreads scores as far as the towers do
 */
export function fitTerm(
  model: TwoTowerModel,
  ease: EaseWeights,
  known: KnownEvents,
  rank: number,
  random: RandomStream,
): ItemItemWeights {
  const directions = scoreDirections(ease, known, Math.min(rank, ease.items.length), random);
  const { count } = model.inputs.items;
  const targets = atMostOne(directions.targets, directions.rank);
  const unknown = ridgeRegression(encodeByAttributes(model, ease.items), targets, ease.items.length);
  const users = new Float32Array(count * directions.rank);
  const items = new Float32Array(count * directions.rank);
  const isKnown = new Uint8Array(count);
  ease.items.forEach((item, place) => {
    isKnown[item] = 1;
    const row = [place * directions.rank, (place + 1) * directions.rank] as const;
    users.set(directions.sources.subarray(...row), item * directions.rank);
    items.set(targets.subarray(...row), item * directions.rank);
  });
  const others = Int32Array.from(isKnown.keys()).filter((item) => isKnown[item] === 0);
  const vectors = encodeByAttributes(model, others);
  const dim = model.config.embeddingDim;
  others.forEach((item, n) => {
    const vector = vectors.subarray(n * dim, (n + 1) * dim);
    items.set(termOf(vector, unknown, directions.rank), item * directions.rank);
  });
  const term = { rank: directions.rank, users, weight: 1, items, unknown };
  return { ...term, weight: equalWeight(term, model, known) };
}

function encodeByAttributes(model: TwoTowerModel, items: Int32Array): Float32Array {
  return model.encodeByTower(items, new Int32Array(items.length).fill(-1));
}

/** The rows `[.., rank]`, all of them shorter by one factor, so that the longest has length one. */
function atMostOne(rows: Float32Array, rank: number): Float32Array {
  let longest = 0;
  for (let start = 0; start < rows.length; start += rank) {
    let squares = 0;
    for (let i = start; i < start + rank; i++) squares += rows[i] * rows[i];
    longest = Math.max(longest, squares);
  }
  const scale = longest > 0 ? 1 / Math.sqrt(longest) : 0;
  return rows.map((value) => value * scale);
}
