import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { usingFile } from '@vector-recall/core-config/files';
import type { ConcurrentIndex, SearchResult } from '@vector-recall/hnsw-index';
import { NpyWriter, type IdColumn } from '@vector-recall/model-store';
import type { QueryPlan } from './query-plan';

/** Queries whose results are in memory at a time. */
const BLOCK = 512;

/**
 * Searches once more and writes what is found, query by query, best first: `scores.npy`, float32, and `ids.npy`, int64,
 * or `ids.jsonl`, a list a line, where ids are text. The files are written aside and renamed when they are whole. A list
 * that the index can't fill ends with scores of minus infinity; its ids are -1 there, or absent where they are text.
 *
 * @throws FileError, or the reason of `signal`
 */
export async function writeResults(
  folder: string,
  index: ConcurrentIndex,
  plan: QueryPlan,
  itemIds: IdColumn,
  signal: AbortSignal | undefined,
): Promise<void> {
  await usingFile(folder, 'written', () => writeAside(folder, index, plan, itemIds, signal));
}

async function writeAside(
  folder: string,
  index: ConcurrentIndex,
  plan: QueryPlan,
  itemIds: IdColumn,
  signal: AbortSignal | undefined,
): Promise<void> {
  const width = Math.min(plan.settings.k, index.size);
  const shape = [plan.size, width];
  await mkdir(folder, { recursive: true });
  const aside = (file: string): string => join(folder, `${file}.aside-${process.pid}`);
  const idsFile = itemIds.kind === 'integer' ? 'ids.npy' : 'ids.jsonl';
  const files = ['scores.npy', idsFile];
  try {
    const scores = await NpyWriter.create(aside('scores.npy'), 'float32', shape);
    const ids = await (itemIds.kind === 'integer'
      ? integerWriter(aside(idsFile), itemIds, shape)
      : textWriter(aside(idsFile), itemIds));
    try {
      for (let start = 0; start < plan.size; start += BLOCK) {
        const found = await index.searchMany(plan.block(start, BLOCK), signal);
        await scores.write(scoresOf(found, width));
        await ids.write(found, width);
      }
    } catch (error) {
      await Promise.allSettled([scores.close(), ids.close()]);
      throw error;
    }
    await scores.close();
    await ids.close();
    for (const file of files) await rename(aside(file), join(folder, file));
  } finally {
    for (const file of files) await rm(aside(file), { force: true });
  }
}

/** Takes the labels of results, and writes ids. */
interface IdWriter {
  write(found: readonly SearchResult[], width: number): Promise<void>;
  close(): Promise<void>;
}

async function integerWriter(file: string, itemIds: IdColumn, shape: readonly number[]): Promise<IdWriter> {
  const writer = await NpyWriter.create(file, 'int64', shape);
  return {
    write: async (found, width) => {
      const block = new BigInt64Array(found.length * width).fill(-1n);
      found.forEach(({ labels }, query) => {
        labels.forEach((row, place) => (block[query * width + place] = BigInt(itemIds.idAt(row))));
      });
      await writer.write(block);
    },
    close: () => writer.close(),
  };
}

async function textWriter(file: string, itemIds: IdColumn): Promise<IdWriter> {
  const handle = await open(file, 'w');
  return {
    write: async (found) => {
      const lines = found.map(({ labels }) => `${JSON.stringify(Array.from(labels, (row) => itemIds.idAt(row)))}\n`);
      await handle.writeFile(lines.join(''));
    },
    close: () => handle.close(),
  };
}

function scoresOf(found: readonly SearchResult[], width: number): Float32Array {
  const block = new Float32Array(found.length * width).fill(-Infinity);
  found.forEach(({ scores }, query) => {
    block.set(scores, query * width);
  });
  return block;
}
