import { RecallSweep, type SweptSearch } from '@vector-recall/hnsw-index';
import { NpyRows } from '@vector-recall/model-store';
import { answerCalls, type Answer } from '@vector-recall/threads';
import type { RecallAtDepth } from './recall-events';
import type { SweepRequest, SweepResponse } from './sweep-messages';

/** Stored vectors that are read at a time: 2 MiB at 128 dimensions. */
const BLOCK_ROWS = 4096;
/** Lists that are looked at in people's interfaces, and those that go to a ranker. */
const DEPTHS = [10, 100, 500, 1000];

let stored: NpyRows | undefined;
let sweep: RecallSweep | undefined;
let asked: SweptSearch | undefined;

/** The module of a thread that compares a search with every item: it may take long, so no other thread does it. */
answerCalls(async (request: SweepRequest): Promise<Answer<SweepResponse>> => {
  switch (request.step) {
    case 'open':
      stored = await NpyRows.open(request.file);
      break;
    case 'stored':
      asked = request.search;
      sweep = new RecallSweep(asked);
      if (stored !== undefined) await lookAtStored(stored, request.words, sweep);
      break;
    case 'changed':
      for (const [i, row] of request.rows.entries()) {
        sweep?.look(row, request.vectors, (i * request.vectors.length) / request.rows.length);
      }
      break;
    case 'judge':
      return { response: recallsOf(sweep, asked) };
  }
  return { response: [] };
});

async function lookAtStored(file: NpyRows, words: Uint32Array, into: RecallSweep): Promise<void> {
  const [rows, dim] = file.shape;
  const block = new Float32Array(Math.min(BLOCK_ROWS, rows) * dim);
  for (let first = 0; first < rows; first += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, rows - first);
    // Of a narrow filter, most blocks hold nothing.
    if (words.subarray(first >>> 5, (first + count + 31) >>> 5).every((word) => word === 0)) continue;
    await file.readBlock(first, block.subarray(0, count * dim));
    for (let i = 0; i < count; i++) {
      const row = first + i;
      if (((words[row >>> 5] >>> (row & 31)) & 1) === 1) into.look(row, block, i * dim);
    }
  }
}

function recallsOf(judged: RecallSweep | undefined, search: SweptSearch | undefined): RecallAtDepth[] {
  if (judged === undefined || search === undefined) return [];
  const whole = judged.recallAt(search.k);
  if (whole === undefined) return [];
  const recalls: RecallAtDepth[] = [{ depth: 'all', recall: whole }];
  for (const depth of DEPTHS) {
    const recall = depth <= search.k ? judged.recallAt(depth) : undefined;
    if (recall !== undefined) recalls.push({ depth, recall });
  }
  return recalls;
}
