import { localFolderOf } from '@vector-recall/model-store';
import { join } from 'node:path';
import { configSchema, type VectorRecallConfig } from '@vector-recall/core-config';
import { readRunRecord } from './checkpoint-store';

export interface ResumeBase {
  /** The options that the run was started with, after presets and data had their say; its store is where it was found. */
  readonly config: VectorRecallConfig;
  /** The version that it continues. */
  readonly from?: string;
  /** The version whose histories come before its data. */
  readonly historyFrom?: string;
}

/**
 * What a run is resumed with where nothing else is given; `undefined` where an older release has started it.
 *
 * @param output the store that holds its checkpoints
 * @param resume a run's name, `latest`, or the folder of one checkpoint
 * @throws CheckpointError when there is no such checkpoint, or it is damaged
 */
export async function resumeBase(output: string, resume: string): Promise<ResumeBase | undefined> {
  const record = await readRunRecord(join(localFolderOf(output), 'checkpoints'), resume);
  const config = configSchema.safeParse(record?.config);
  if (record === undefined || !config.success) return undefined;
  const { from, historyFrom } = record;
  return { config: { ...config.data, runtime: { ...config.data.runtime, output } }, from, historyFrom };
}
