import * as tf from '@tensorflow/tfjs-core';
import type { Dataset, InteractionLog } from '@vector-recall/datasets';
import { HistoryGatherer, type HistoryLog } from '../batches/histories';
import { rowsIn } from '../continuation/table-rows';
import type { Scorer } from '../evaluation/scorer';
import type { EvaluationTask } from '../evaluation/task';
import type { StoredModel } from '../pipeline/stored-model';

/**
 * Scores a task as a published version would answer it: its own users and items by their ids, users that it does not
 * know by their history alone. Items that it does not know can't be recommended and score −Infinity.
 */
export function storedScorer(
  { model, catalogue }: Pick<StoredModel, 'model' | 'catalogue'>,
  { users, items }: Pick<Dataset, 'users' | 'items'>,
  task: EvaluationTask,
): Scorer {
  const userRows = rowsIn(catalogue.userIds, users.vocabulary);
  const itemRows = rowsIn(catalogue.itemIds, items.vocabulary);
  const known = knownEvents(task, itemRows, typesIn(catalogue.eventTypes, task.log));
  const histories = new HistoryGatherer(known.log, model.config.historyLength);
  const { dim } = model;
  let vectors: tf.Tensor2D | undefined;
  let places = new Int32Array(0);
  return {
    name: 'current version',
    prepare(columns) {
      places = Int32Array.from(columns.keys()).filter((column) => itemRows[columns[column]] >= 0);
      const encoded = model.encodeItems(places.map((column) => itemRows[columns[column]]));
      vectors = tf.tidy(() => tf.transpose(tf.tensor2d(encoded, [places.length, dim])));
    },
    score(rows, columns, out) {
      const itemVectors = vectors;
      if (itemVectors === undefined) throw new RangeError('prepare comes before score.');
      const ends = rows.map((row) => known.ends[row]);
      const batch = { ...histories.gather(rows, ends), users: rows.map((row) => userRows[row]) };
      const encoded = model.encodeUsers(batch);
      const product = tf.tidy(() => tf.matMul(tf.tensor2d(encoded, [rows.length, dim]), itemVectors));
      const scores = product.dataSync();
      product.dispose();
      out.fill(-Infinity);
      for (let n = 0; n < rows.length; n++) {
        for (let place = 0; place < places.length; place++) {
          out[n * columns.length + places[place]] = scores[n * places.length + place];
        }
      }
    },
    dispose() {
      vectors?.dispose();
      vectors = undefined;
    },
  };
}

/** `[events]`: the type of each event as a model knows it, -1 where it does not; absent where it reads none. */
function typesIn(names: readonly string[] | undefined, { items, types }: InteractionLog): Int32Array | undefined {
  if (names === undefined) return undefined;
  if (types === undefined) return new Int32Array(items.length).fill(-1);
  const known = types.names.map((name) => names.indexOf(name));
  return Int32Array.from(types.values, (type) => known[type]);
}

/**
 * What is known of the users in rows of another catalogue, without the events of items that it does not have.
 * @param types `[events]`
 */
function knownEvents(
  { log, ends }: EvaluationTask,
  itemRows: Int32Array,
  types: Int32Array | undefined,
): { readonly log: HistoryLog; readonly ends: Int32Array } {
  const offsets = new Int32Array(log.userCount + 1);
  const knownEnds = new Int32Array(log.userCount);
  const items = new Int32Array(log.items.length);
  const values = new Int32Array(log.items.length);
  let kept = 0;
  for (let user = 0; user < log.userCount; user++) {
    for (let at = log.offsets[user]; at < ends[user]; at++) {
      const row = itemRows[log.items[at]];
      if (row < 0) continue;
      if (types) values[kept] = types[at];
      items[kept++] = row;
    }
    knownEnds[user] = kept;
    offsets[user + 1] = kept;
  }
  return {
    log: { offsets, items: items.subarray(0, kept), ...(types && { types: { values, inHistories: true } }) },
    ends: knownEnds,
  };
}
