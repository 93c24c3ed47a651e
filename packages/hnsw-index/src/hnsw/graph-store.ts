import type { HierarchicalNSW } from 'hnswlib-node';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError, fileErrorOf } from '@vector-recall/core-config/files';
import { IndexFileError } from '../errors';
import { createGraph } from './engine';
import { inspectGraphFile, sha256Of } from './graph-file';
import { formatVersion, readMeta, type GraphMeta } from './graph-meta';

export const graphFile = 'hnsw.bin';
const META_FILE = 'hnsw.meta.json';

type GraphFacts = Omit<GraphMeta, 'formatVersion' | 'engine' | 'bytes' | 'sha256'>;

/**
 * @param write writes the graph itself, in hnswlib's format
 * @throws IndexFileError where the folder can't be written or the disk is full
 */
export async function saveGraph(
  folder: string,
  write: (file: string) => Promise<unknown>,
  facts: GraphFacts,
): Promise<void> {
  const file = join(folder, graphFile);
  try {
    await write(file);
    // hnswlib does not say when it could not open or fill the file, so what is on the disk is looked at.
    const header = await inspectGraphFile(file);
    if (header.count !== facts.count) throw new Error(`${header.count} of ${facts.count} elements were written`);
    const meta: GraphMeta = {
      formatVersion,
      engine: 'hnswlib',
      ...facts,
      bytes: (await stat(file)).size,
      sha256: await sha256Of(file),
    };
    await writeFile(join(folder, META_FILE), `${JSON.stringify(meta, null, 2)}\n`);
  } catch (cause) {
    const refused = fileErrorOf(file, 'written', cause);
    throw new IndexFileError(
      file,
      'unwritable',
      refused instanceof FileError
        ? refused.message
        : `${file} could not be written; see that the folder exists, is writable and has space left.`,
      { cause },
    );
  }
}

/** What is known of a saved graph without reading it. @throws IndexFileError */
export async function readGraphMeta(folder: string): Promise<GraphMeta> {
  return readMeta(join(folder, META_FILE));
}

/** @throws IndexFileError */
export async function loadGraph(folder: string): Promise<{ graph: HierarchicalNSW; meta: GraphMeta }> {
  const meta = await verifyGraph(folder, 'elements');
  const graph = await createGraph(meta.space, meta.dim);
  await graph.readIndex(join(folder, graphFile));
  return { graph, meta };
}

/**
 * Compares a saved graph with its description.
 * @param depth how far what the file holds is checked; see `inspectGraphFile`
 * @throws IndexFileError
 */
export async function verifyGraph(folder: string, depth?: 'sizes' | 'elements'): Promise<GraphMeta> {
  const meta = await readGraphMeta(folder);
  await verify(join(folder, graphFile), meta, depth);
  return meta;
}

/** Native code trusts every byte of the file, so nothing gets there that is not what was written. */
async function verify(file: string, meta: GraphMeta, depth?: 'sizes' | 'elements'): Promise<void> {
  const bytes = await sizeOf(file);
  if (bytes < meta.bytes) {
    throw new IndexFileError(
      file,
      'truncated',
      `${file} has ${bytes} bytes instead of ${meta.bytes}; copy or build it again.`,
    );
  }
  if (bytes > meta.bytes || (await sha256Of(file)) !== meta.sha256) {
    throw new IndexFileError(
      file,
      'damaged',
      `${file} is not the file that ${META_FILE} describes: its checksum differs; copy or build the index again.`,
    );
  }
  const header = await inspectGraphFile(file, depth);
  for (const key of ['count', 'dim', 'm'] as const) {
    if (header[key] !== meta[key]) {
      throw new IndexFileError(
        file,
        'foreign',
        `${file} has ${key} ${header[key]}, but ${META_FILE} says ${meta[key]}; build the index again.`,
      );
    }
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (cause) {
    throw new IndexFileError(file, 'missing', `${file} cannot be read; copy or build the index again.`, { cause });
  }
}
