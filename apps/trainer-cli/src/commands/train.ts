import { exitCodes, UsageError } from '@vector-recall/command-line';
import { compileConfig, givenOptions, type VectorRecallConfig } from '@vector-recall/core-config';
import { z } from 'zod';
import type { CommandDefinition, Invocation } from './command';
import { declareTrackingFlags, trackTraining } from './tracking-flags';

const ownFlags = z.object({
  resume: z.union([z.string(), z.literal(true)]).optional(),
  from: z.string().min(1).optional(),
  historyFrom: z.string().min(1).optional(),
});

/** What a training is called with. */
interface TrainCall {
  readonly config: VectorRecallConfig;
  /** A new run may still choose by the data; one that continues something has chosen. */
  readonly chooses: boolean;
  readonly resume?: string;
  readonly from?: string;
  readonly historyFrom?: string;
}

/** The options of the call on top of those of the run or version that it continues. */
async function readCall({ flags, file, env, own }: Invocation): Promise<TrainCall> {
  const { resume: given, from, historyFrom } = ownFlags.parse(own);
  const config = compileConfig({ file, env, flags });
  const { output } = config.runtime;
  if (given !== undefined) {
    if (from !== undefined || historyFrom !== undefined) {
      throw new UsageError(
        '--resume continues a run with all that it was started with; leave --from and --history-from out.',
      );
    }
    const resume = given === true ? 'latest' : given;
    const { resumeBase } = await import('@vector-recall/trainer');
    const base = await resumeBase(output, resume);
    if (base === undefined) return { config, chooses: true, resume };
    const resumed = compileConfig({ base: base.config, file, env, flags });
    return { config: resumed, chooses: false, resume, from: base.from, historyFrom: base.historyFrom };
  }
  if (historyFrom !== undefined && givenOptions({ file, env, flags }).data?.source === undefined) {
    throw new UsageError('--history-from needs --data with the new events.');
  }
  if (from === undefined) return { config, chooses: true, historyFrom };
  const { continuationBase } = await import('@vector-recall/trainer');
  const origin = await continuationBase(output, from);
  // What the machine does is not a property of a version: its runtime options are those of this call.
  const base = { ...origin.config, runtime: compileConfig().runtime };
  return { config: compileConfig({ base, file, env, flags }), chooses: false, from: origin.version, historyFrom };
}

export const trainCommand: CommandDefinition = {
  name: 'train',
  summary: 'train a model on a log, evaluate it, index its items and publish the artifact',
  accepts: ({ section }) => section !== 'server',
  usesStoredConfig: false,
  interruptNotice: 'Stopping after this step and writing a checkpoint; Ctrl-C again stops at once.',
  declare: (command) => {
    command
      .option('--resume [run]', 'continue an interrupted run with its own options: its name, or the latest one')
      .option('--from <version>', 'start from a published model, with its options: a version, or current')
      .option('--history-from <version>', 'take --data for new events that follow the histories of a version');
    declareTrackingFlags(command);
  },
  run: async (invocation) => {
    const { flags, file, env, progress, signal } = invocation;
    const { config, chooses, resume, from, historyFrom } = await readCall(invocation);
    // Before TensorFlow starts, which takes seconds.
    const { checkSource } = await import('@vector-recall/datasets');
    await checkSource(config.data);
    const tracked = await trackTraining(invocation, config);
    const { runTraining, TrainingInterruptedError } = await import('@vector-recall/trainer');
    const { renderReport, runSections } = await import('@vector-recall/report');
    let report: string | undefined;
    const training = runTraining(config, {
      configFor: chooses ? (auto) => compileConfig({ file, env, flags, auto }) : undefined,
      observer: tracked ?? progress,
      signal,
      resume,
      from,
      historyFrom,
      renderReport: (found) => (report = renderReport(found)),
    });
    const summary = await training.catch(async (error: unknown) => {
      await tracked?.fail(error instanceof TrainingInterruptedError ? 'interrupted' : 'failed', config);
      throw error;
    });
    await tracked?.finish(summary, report);
    return {
      json: summary,
      sections: runSections(summary),
      exitCode: summary.promotion.promoted ? 0 : exitCodes.notPromoted,
    };
  },
};
