import { UsageError } from '@vector-recall/command-line';
import type { VectorRecallConfig } from '@vector-recall/core-config';
import type { Command } from 'commander';
import { z } from 'zod';
import { TrackedTraining } from '../output/tracked-training';
import type { Invocation } from './command';

const ownFlags = z.object({ tensorboard: z.string().min(1).optional(), track: z.string().min(1).optional() });

export function declareTrackingFlags(command: Command): void {
  command
    .option('--tensorboard <folder>', 'write event files for TensorBoard into a folder, one folder for each run')
    .option('--track <target>', 'log the run to a tracking server: mlflow:URI, wandb:PROJECT or wandb:ENTITY/PROJECT');
}

/**
 * Begins to track a run where the call asks for it.
 * @throws UsageError where `--track` names no server, or its Python library is missing
 * @throws FileError where the folder for TensorBoard can't be written
 */
export async function trackTraining(
  { own, env, progress }: Invocation,
  config: VectorRecallConfig,
): Promise<TrackedTraining | undefined> {
  const { tensorboard, track } = ownFlags.parse(own);
  if (tensorboard === undefined && track === undefined) return undefined;
  const { createTrackers, RunTracking, TrackingLibraryError, TrackingTargetError } =
    await import('@vector-recall/run-tracking');
  try {
    const trackers = await createTrackers({ tensorboard, track, env });
    const tracking = new RunTracking(trackers, (message) => {
      progress.notify({ type: 'notice', message });
    });
    tracking.start({ name: config.data.source, tags: { 'vector_recall.data': config.data.source } });
    return new TrackedTraining(tracking, progress);
  } catch (error) {
    if (error instanceof TrackingTargetError || error instanceof TrackingLibraryError)
      throw new UsageError(error.message);
    throw error;
  }
}
