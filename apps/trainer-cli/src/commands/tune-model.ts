import { join } from 'node:path';
import { compileConfig } from '@vector-recall/core-config';
import { z } from 'zod';
import { parseBudget } from './budget';
import type { CommandDefinition } from './command';
import { tuningSection } from './tuning-section';

const ownFlags = z.object({ budget: z.string(), trials: z.string().min(1).optional() });

export const tuneModelCommand: CommandDefinition = {
  name: 'tune-model',
  summary: 'search the options with the best validation HitRate@100, and write them as a config file',
  accepts: ({ section, key }) =>
    section === 'data' || section === 'model' || section === 'training' || key === 'backend' || key === 'output',
  usesStoredConfig: false,
  interruptNotice: 'Stopping; the trainings that are done stay in the file of trials. Ctrl-C again stops at once.',
  declare: (command) => {
    command
      .option('--budget <time>', 'how long to search, as in 90s, 30m or 2h; a bare number is minutes', '10m')
      .option(
        '--trials <file>',
        'where to keep the trainings and to go on from (default: tuning/trials.jsonl in --output)',
      );
  },
  run: async ({ flags, file, env, own, progress, signal }) => {
    const { budget, trials } = ownFlags.parse(own);
    const budgetMinutes = parseBudget(budget);
    const config = compileConfig({ file, env, flags });
    const { localFolderOf } = await import('@vector-recall/model-store');
    const trialsFile = trials ?? join(localFolderOf(config.runtime.output), 'tuning', 'trials.jsonl');
    const { checkSource } = await import('@vector-recall/datasets');
    await checkSource(config.data);
    const { tuneModel } = await import('@vector-recall/trainer');
    const report = await tuneModel(config, {
      configFor: (auto) => compileConfig({ file, env, flags, auto }),
      observer: progress,
      signal,
      budgetMinutes,
      trialsFile,
      bestFile: `${trialsFile.replace(/\.jsonl$/, '')}.best.json`,
    });
    return { json: report, sections: [tuningSection(report)] };
  },
};
