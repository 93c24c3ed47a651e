import { type ItemItemWeights, termsOfUsers, type TwoTowerModel } from '@vector-recall/towers';
import { HistoryGatherer } from '../batches/histories';
import type { KnownEvents } from '../evaluation/yardsticks/interaction-matrix';

/** Users whose scores are looked at; with more of them the mean hardly moves. */
const USERS = 64;

/**
 * The weight with which a term spreads a user's scores as far as the towers do: the ratio of the standard deviations over
 * all items, each a mean over some users. 0 for a term that says nothing.
 *
 * @param model without a term
 */
export function equalWeight(term: ItemItemWeights, model: TwoTowerModel, { log, ends }: KnownEvents): number {
  const known = Int32Array.from(ends.keys()).filter((user) => ends[user] > log.offsets[user]);
  const step = Math.ceil(known.length / USERS);
  const users = known.filter((_, n) => n % step === 0);
  const batch = new HistoryGatherer(log, model.config.historyLength).gather(
    users,
    users.map((user) => ends[user]),
  );
  const items = model.encodeItems(Int32Array.from({ length: model.inputs.items.count }, (_, item) => item));
  const ofTowers = meanSpread(model.encodeUsers(batch), items, model.dim);
  const histories = { offsets: batch.historyOffsets, rows: batch.historyItems };
  const ofTerm = meanSpread(termsOfUsers(term, histories), term.items, term.rank);
  return ofTerm > 0 ? ofTowers / ofTerm : 0;
}

/** The standard deviation of a user's scores over all items, `users · items`, on average over the users. */
function meanSpread(users: Float32Array | Float64Array, items: Float32Array, dim: number): number {
  const [batch, count] = [users.length / dim, items.length / dim];
  let total = 0;
  for (let user = 0; user < batch; user++) {
    let [sum, squares] = [0, 0];
    for (let item = 0; item < count; item++) {
      let score = 0;
      for (let i = 0; i < dim; i++) score += users[user * dim + i] * items[item * dim + i];
      sum += score;
      squares += score * score;
    }
    total += Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
  }
  return total / batch;
}
