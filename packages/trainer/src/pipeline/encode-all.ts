import { setImmediate } from 'node:timers/promises';
import type { InteractionLog } from '@vector-recall/datasets';
import type { TwoTowerModel } from '@vector-recall/towers';
import { HistoryGatherer, type HistoryLog } from '../batches/histories';
import type { ReportProgress } from './stages';

/** Rows encoded between two turns of the event loop, about a second's work at most. */
const USER_BLOCK = 8192;
const ITEM_BLOCK = 32_768;

export interface EncodedVectors {
  /** `[items, dim]` */
  readonly items: Float32Array;
  /** `[users, dim]`, each with the whole history, what was held out included. */
  readonly users: Float32Array;
}

type EncodableLog = HistoryLog & Pick<InteractionLog, 'userCount' | 'itemCount'>;

/** The vectors of everything that a model knows. */
export async function encodeAll(
  model: TwoTowerModel,
  log: EncodableLog,
  report: ReportProgress,
  signal?: AbortSignal,
): Promise<EncodedVectors> {
  const { dim } = model;
  const histories = new HistoryGatherer(log, model.config.historyLength);
  const total = log.itemCount + log.userCount;
  const items = await inBlocks(log.itemCount, ITEM_BLOCK, dim, (rows, done) => {
    signal?.throwIfAborted();
    report(done, total);
    return model.encodeItems(rows);
  });
  const users = await inBlocks(log.userCount, USER_BLOCK, dim, (rows, done) => {
    signal?.throwIfAborted();
    report(log.itemCount + done, total);
    const ends = rows.map((user) => log.offsets[user + 1]);
    return model.encodeUsers(histories.gather(rows, ends));
  });
  report(total, total);
  return { items, users };
}

/** @param encode gets the rows of a block and how many came before it */
async function inBlocks(
  count: number,
  block: number,
  dim: number,
  encode: (rows: Int32Array, done: number) => Float32Array,
): Promise<Float32Array> {
  const vectors = new Float32Array(count * dim);
  for (let first = 0; first < count; first += block) {
    const rows = Int32Array.from({ length: Math.min(block, count - first) }, (_, n) => first + n);
    vectors.set(encode(rows, first), first * dim);
    await setImmediate();
  }
  return vectors;
}
