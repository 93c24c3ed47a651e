import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configSchema, type VectorRecallConfig } from '@vector-recall/core-config';
import {
  artifactFiles,
  type Manifest,
  ModelStore,
  NoCurrentVersionError,
  readManifest,
} from '@vector-recall/model-store';
import { z } from 'zod';
import { ContinuationError } from '../errors';
import { type PastTraining, shortSchedule } from './short-schedule';

/** The name that stands for the version that the store serves. */
export const CURRENT = 'current';

export interface ContinuationBase {
  readonly version: string;
  /** The options of the version, with a short schedule; those of a run go on top. */
  readonly config: VectorRecallConfig;
}

/**
 * The options that a training which continues a version has where nothing else is given.
 *
 * @param from a version of the store, or `current`
 * @throws ContinuationError where the options of the version can't be read by this release
 * @throws NoCurrentVersionError, UnknownVersionError, ArtifactFileError as the store does
 */
export async function continuationBase(root: string, from: string): Promise<ContinuationBase> {
  const store = new ModelStore(root);
  const version = from === CURRENT ? await store.currentVersion() : from;
  if (version === undefined) throw new NoCurrentVersionError(store.root);
  const folder = await store.locate(version);
  const manifest = await readManifest(folder);
  const stored = configSchema.safeParse(manifest.config);
  if (!stored.success) {
    throw new ContinuationError(
      `The options that ${version} was trained with can't be read by this release; train a new model without --from.`,
    );
  }
  const { training } = stored.data;
  const past = await readPastTraining(folder, manifest);
  return { version, config: { ...stored.data, training: { ...training, ...shortSchedule(training, past) } } };
}

const metricsSchema = z.object({
  training: z.object({ epochs: z.array(z.unknown()), continuedFrom: z.string().optional() }),
});

/** What `metrics.json` tells of a training; `undefined` where it tells nothing. */
async function readPastTraining(folder: string, { files }: Manifest): Promise<PastTraining | undefined> {
  if (!Object.hasOwn(files, artifactFiles.metrics)) return undefined;
  const text = await readFile(join(folder, artifactFiles.metrics), 'utf8').catch(() => '{}');
  const parsed = metricsSchema.safeParse(JSON.parse(text));
  if (!parsed.success) return undefined;
  const { epochs, continuedFrom } = parsed.data.training;
  return { epochs: epochs.length, isContinued: continuedFrom !== undefined };
}
