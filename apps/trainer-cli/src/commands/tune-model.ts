import { join } from 'node:path';
import { UsageError } from '@vector-recall/command-line';
import { compileConfig } from '@vector-recall/core-config';
import { z } from 'zod';
import type { CommandDefinition } from './command';
import { tuningSection } from './tuning-section';

const ownFlags = z.object({ budget: z.string(), trials: z.string().min(1).optional() });

function parseMinutes(text: string): number {
  const minutes = Number(text);
  // What a timer of Node can wait for, with room to spare.
  if (minutes > 0 && minutes <= 10_000) return minutes;
  throw new UsageError(`--budget is "${text}", but it must be a number of minutes above 0 and at most 10000.`);
}

export const tuneModelCommand: CommandDefinition = {
  name: 'tune-model',
  summary: 'search the options with the best validation HitRate@100, and write them as a config file',
  accepts: ({ section, key }) =>
    section === 'data' || section === 'model' || section === 'training' || key === 'backend' || key === 'output',
  usesStoredConfig: false,
  interruptNotice: 'Stopping; the trainings that are done stay in the file of trials. Ctrl-C again stops at once.',
  declare: (command) => {
    command
      .option('--budget <minutes>', 'how long to search', '10')
      .option(
        '--trials <file>',
        'where to keep the trainings and to go on from (default: tuning/trials.jsonl in --output)',
      );
  },
  run: async ({ flags, file, env, own, progress, signal }) => {
    const { budget, trials } = ownFlags.parse(own);
    const budgetMinutes = parseMinutes(budget);
    const config = compileConfig({ file, env, flags });
    const trialsFile = trials ?? join(config.runtime.output, 'tuning', 'trials.jsonl');
    const { tuneModel } = await import('@vector-recall/trainer');
    const report = await tuneModel(config, {
      configFor: (shape) => compileConfig({ file, env, flags, shape }),
      observer: progress,
      signal,
      budgetMinutes,
      trialsFile,
      bestFile: `${trialsFile.replace(/\.jsonl$/, '')}.best.json`,
    });
    return { json: report, sections: [tuningSection(report)] };
  },
};
