import { UsageError } from '@vector-recall/command-line';
import { compileConfig } from '@vector-recall/core-config';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { CommandDefinition } from './command';
import { parseChoice, parseCount } from './flag-values';
import { vectorIndexSection } from './index-sections';

/** As for `index build`. */
const MOST_NEIGHBOURS = 1_000_000;

const ownFlags = z.object({
  vectors: z.string().min(1).optional(),
  hnswlib: z.string().min(1).optional(),
  ids: z.string().min(1).optional(),
  space: z.string(),
  topK: z.string(),
  out: z.string().min(1),
});

/** What an artifact is built from. */
interface ImportedVectors {
  readonly vectors: string;
  readonly ids?: string;
  readonly m?: number;
  readonly efConstruction?: number;
}

type Sources = Pick<z.output<typeof ownFlags>, 'vectors' | 'hnswlib' | 'ids'>;

/** @param folder for the vectors of an index of hnswlib, until they are indexed */
async function readSources({ vectors, hnswlib, ids }: Sources, folder: string): Promise<ImportedVectors> {
  if (vectors !== undefined && hnswlib === undefined) return { vectors, ids };
  if (hnswlib === undefined || vectors !== undefined) {
    throw new UsageError('import needs --vectors FILE.npy or --hnswlib FILE, and not both.');
  }
  const { stageHnswlibFile } = await import('@vector-recall/artifact-export');
  const { labels, labelsAreRows, ...staged } = await stageHnswlibFile(hnswlib, folder);
  if (ids !== undefined && !labelsAreRows) {
    throw new UsageError(
      `The labels of ${hnswlib} are not 0, 1, 2, …, so --ids can't name them; without --ids the labels are the ids.`,
    );
  }
  return { ...staged, ids: ids ?? labels };
}

export const importCommand: CommandDefinition = {
  name: 'import',
  summary: 'publish vectors or an index of hnswlib as an artifact that a server opens',
  accepts: ({ section, key }) => (section === 'hnsw' && key !== 'm') || key === 'seed',
  usesStoredConfig: false,
  interruptNotice: 'Stopping; nothing is published. Ctrl-C again stops at once.',
  declare: (command) => {
    command
      .option('--vectors <file>', '.npy file of float32, float64 or float16, one vector a row')
      .option('--hnswlib <file>', 'an index that hnswlib saved; its vectors are indexed again, with its M')
      .option('--ids <file>', 'integers in a .npy file, or text, one id a line (default: row numbers or labels)')
      .option('--space <name>', 'how vectors are compared: cosine, ip or l2', 'cosine')
      .option('--top-k <n>', 'the longest list that will be asked for, which searches are tuned to', '500')
      .requiredOption('--out <dir>', 'the store that the artifact is published into, as its current version');
  },
  run: async ({ flags, file, env, own, progress, signal }) => {
    const { space, topK, out, ...sources } = ownFlags.parse(own);
    const { hnsw, training } = compileConfig({ file, env, flags });
    const folder = await mkdtemp(join(tmpdir(), 'vector-recall-import-'));
    try {
      const { m = hnsw.m, efConstruction = hnsw.efConstruction, ...files } = await readSources(sources, folder);
      const { buildVectorIndex } = await import('@vector-recall/own-vectors');
      const built = await buildVectorIndex(
        {
          ...files,
          out,
          hnsw: { ...hnsw, m, efConstruction },
          space: parseChoice('--space', space, ['cosine', 'ip', 'l2']),
          topK: parseCount('--top-k', topK, MOST_NEIGHBOURS),
          float32: 'auto',
          seed: training.seed,
        },
        { observer: progress, signal },
      );
      return { json: built, sections: [await vectorIndexSection(built)] };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
