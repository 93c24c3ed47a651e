import { hnswPresets, type RuntimeConfig } from '@vector-recall/core-config';
import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { BackendFinding, Findings, NativeFinding } from './findings';
import { describeProcessor } from './processor';

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function findNative(): Promise<NativeFinding> {
  const { selectBackend } = await import('@vector-recall/towers');
  try {
    const backend = await selectBackend('native');
    return { available: true, tensorflowVersion: backend.tensorflowVersion ?? 'unknown' };
  } catch (error) {
    return { available: false, problem: messageOf(error) };
  }
}

async function findBackend(choice: RuntimeConfig['backend']): Promise<BackendFinding> {
  const { selectBackend } = await import('@vector-recall/towers');
  try {
    return { available: true, ...(await selectBackend(choice)) };
  } catch (error) {
    return { available: false, problem: messageOf(error) };
  }
}

const packageSchema = z.object({ version: z.string() });

/** The version of an installed package, looked up from where the index package would load it. */
function versionOf(name: string): string {
  const from = dirname(require.resolve('@vector-recall/hnsw-index/package.json'));
  const file = require.resolve(join(name, 'package.json'), { paths: [from] });
  return packageSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}

/** Builds a tiny index and searches it: an addon that loads may still fail on a processor it wasn't built for. */
async function findIndex(): Promise<Findings['index']> {
  const { chooseEngine, SearchIndex } = await import('@vector-recall/hnsw-index');
  const { engine, instructions, reason } = chooseEngine();
  const found = {
    engine,
    version: versionOf('hnswlib-node'),
    ...(instructions && { instructions }),
    ...(reason && { fallbackReason: reason }),
  };
  try {
    const vectors = Float32Array.of(1, 0, 0, 1, 0.6, 0.8);
    const index = await SearchIndex.build(vectors, 2, { config: hnswPresets.lowLatency, seed: 1 });
    const [{ labels }] = await index.searchMany([{ vector: Float32Array.of(0.6, 0.8), k: 1 }]);
    await index.close();
    const works = labels[0] === 2;
    return { ...found, works, ...(works ? {} : { problem: 'A test search went wrong.' }) };
  } catch (error) {
    return { ...found, works: false, problem: messageOf(error) };
  }
}

async function findStore(root: string): Promise<Findings['store']> {
  const { ModelStore } = await import('@vector-recall/model-store');
  const store = new ModelStore(root);
  try {
    const listed = await store.list();
    const current = listed.find(({ isCurrent }) => isCurrent)?.version;
    const versions = listed.map(({ version, problem }) => ({ version, ...(problem === undefined ? {} : { problem }) }));
    if (current === undefined) return { root, versions };
    try {
      await store.open(current);
      return { root, current, versions };
    } catch (error) {
      return { root, current, versions, problem: messageOf(error) };
    }
  } catch (error) {
    return { root, versions: [], problem: messageOf(error) };
  }
}

/** Looks at everything that decides whether and how fast a run works here. */
export async function examine(runtime: RuntimeConfig): Promise<Findings> {
  return {
    node: { version: process.version, platform: process.platform, architecture: process.arch },
    processor: describeProcessor(),
    memory: { totalBytes: totalmem(), freeBytes: freemem() },
    native: await findNative(),
    backend: await findBackend(runtime.backend),
    index: await findIndex(),
    store: await findStore(runtime.output),
  };
}
