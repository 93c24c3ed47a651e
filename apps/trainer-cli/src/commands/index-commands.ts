import { compileConfig } from '@vector-recall/core-config';
import { z } from 'zod';
import type { CommandDefinition, CommandGroup } from './command';
import { parseChoice, parseCount } from './flag-values';
import { searchSection, vectorIndexSection } from './index-sections';

const indexGroup: CommandGroup = { name: 'index', summary: 'index vectors of any model, and search them' };

/** The longest list that a server hands out is 10,000 by default; in process there is no such bound. */
const MOST_NEIGHBOURS = 1_000_000;
const DEFAULT_NEIGHBOURS = '500';

const buildFlags = z.object({
  vectors: z.string(),
  out: z.string(),
  ids: z.string().optional(),
  attributes: z.string().optional(),
  queries: z.string().optional(),
  space: z.string(),
  topK: z.string(),
  m: z.string().optional(),
  float32: z.string(),
});

export const indexBuildCommand: CommandDefinition = {
  group: indexGroup,
  name: 'build',
  summary: 'build an index over vectors of your own and publish it as an artifact that a server opens',
  accepts: ({ section, key }) => (section === 'hnsw' && key !== 'm') || key === 'seed',
  usesStoredConfig: false,
  interruptNotice: 'Stopping; nothing is published. Ctrl-C again stops at once.',
  declare: (command) => {
    command
      .requiredOption('--vectors <file>', '.npy file of float32, float64 or float16, one vector a row')
      .requiredOption('--out <dir>', 'the store that the artifact is published into, as its current version')
      .option('--ids <file>', 'integers in a .npy file, or text, one id a line (default: the numbers of the rows)')
      .option('--attributes <file>', 'JSON lines of {"id": …, attribute: value}, which filters select items by')
      .option('--queries <file>', '.npy file of vectors as they will be asked, to tune on (default: some of the items)')
      .option('--space <name>', 'how vectors are compared: cosine, ip or l2', 'cosine')
      .option('--top-k <n>', 'the longest list that will be asked for, which searches are tuned to', DEFAULT_NEIGHBOURS)
      .option('--m <n>', 'links per node and layer, as --hnsw-m of the other commands (default: 16)')
      .option(
        '--float32 <auto|kept|dropped>',
        'keep vectors beside their codes: auto where codes cannot tell them apart',
        'auto',
      );
  },
  run: async ({ flags, file, env, own, progress, signal }) => {
    const { m, topK, space, float32, ...files } = buildFlags.parse(own);
    const { hnsw, training } = compileConfig({ file, env, flags: m === undefined ? flags : { ...flags, 'hnsw-m': m } });
    const request = {
      ...files,
      hnsw,
      space: parseChoice('--space', space, ['cosine', 'ip', 'l2']),
      topK: parseCount('--top-k', topK, MOST_NEIGHBOURS),
      float32: parseChoice('--float32', float32, ['auto', 'kept', 'dropped']),
      seed: training.seed,
    };
    const { buildVectorIndex } = await import('@vector-recall/own-vectors');
    const built = await buildVectorIndex(request, { observer: progress, signal });
    return { json: built, sections: [await vectorIndexSection(built)] };
  },
};

const searchFlags = z.object({
  index: z.string(),
  queries: z.string(),
  k: z.string(),
  targetRecall: z.string().optional(),
  efSearch: z.string().optional(),
  exactScores: z.boolean().default(false),
  out: z.string().optional(),
  threads: z.string().optional(),
});

export const indexSearchCommand: CommandDefinition = {
  group: indexGroup,
  name: 'search',
  summary: 'search an index by vectors from a file, and tell how fast and how well',
  accepts: ({ key }) => key === 'seed',
  usesStoredConfig: false,
  interruptNotice: 'Stopping. Ctrl-C again stops at once.',
  declare: (command) => {
    command
      .requiredOption('--index <dir>', 'a store, or the folder of one version')
      .requiredOption('--queries <file>', '.npy file of float32, float64 or float16, one vector a row')
      .option('--k <n>', 'how many neighbours', DEFAULT_NEIGHBOURS)
      .option('--target-recall <x>', 'find the narrowest search that reaches it on these queries, above 0, below 1')
      .option('--ef-search <n>', 'breadth of the search (default: the one stored with the index)')
      .option('--exact-scores', 'rank and score by float32 vectors')
      .option('--out <dir>', 'write ids and scores into this folder')
      .option('--threads <n>', 'threads that search (default: one for each processor)');
  },
  run: async ({ flags, file, env, own, signal }) => {
    const { index, queries, out, exactScores, k, threads, ...breadth } = searchFlags.parse(own);
    const { hnsw, training } = compileConfig({ file, env, flags });
    const { searchVectors } = await import('@vector-recall/own-vectors');
    const report = await searchVectors(
      {
        index,
        queries,
        out,
        exactScores,
        k: parseCount('--k', k, MOST_NEIGHBOURS),
        // Both are options of a config too, whose defaults stand for nothing here.
        targetRecall: breadth.targetRecall === undefined ? undefined : hnsw.targetRecall,
        efSearch: breadth.efSearch === undefined || hnsw.efSearch === 0 ? undefined : hnsw.efSearch,
        threads: threads === undefined ? undefined : parseCount('--threads', threads, 1024),
        seed: training.seed,
      },
      signal,
    );
    return { json: report, sections: [await searchSection(report)] };
  },
};
