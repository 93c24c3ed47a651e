import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { TwoTowerModel } from '@vector-recall/towers';
import { CheckpointError } from '../errors';
import type { Adam } from '../optimizer/adam';
import { type Checkpoints, epochName } from '../training/checkpoints';
import type { ProgressState } from '../training/progress';
import { writeFolder } from './atomic-folder';
import { readCheckpointState, restoreMoments, restoreWeights, writeCheckpoint } from './checkpoint-folder';
import type { CheckpointState, RunIdentity, RunRecord } from './checkpoint-state';
import { differences } from './run-identity';

/** Checkpoints kept beside the best one: the newest, and one more in case it is damaged. */
const KEPT = 2;
export const CHECKPOINT_NAME = /^(epoch|step)-\d+$/;

/** The folder in a run's that holds the checkpoints of its second training, with the validation events. */
export const REFIT = 'refit';

/** The checkpoints of one training: `<root>/<run>/epoch-N`, and `step-N` where it was interrupted. */
export class CheckpointStore implements Checkpoints {
  /** Names in the order they were saved by this process or found on the disk. */
  #saved: string[] = [];

  constructor(
    private readonly root: string,
    readonly run: string,
    private readonly model: TwoTowerModel,
    private readonly identity: RunIdentity,
    private readonly part = '',
    private readonly record?: RunRecord,
  ) {}

  async save(name: string, adam: Adam, progress: ProgressState): Promise<string> {
    const folder = this.#folder(name);
    await writeFolder(folder, (aside) =>
      writeCheckpoint(aside, {
        model: this.model,
        adam,
        progress,
        identity: this.identity,
        run: this.record,
      }),
    );
    this.#saved = [...this.#saved.filter((other) => other !== name), name];
    await this.#prune(epochName(progress.earlyStopping.bestEpoch));
    return folder;
  }

  async restoreWeights(name: string): Promise<void> {
    await restoreWeights(this.#folder(name), this.model);
  }

  /**
   * Puts a checkpoint's weights into the model.
   * @throws CheckpointError when it is damaged or was made with other options
   */
  async resume(folder: string): Promise<CheckpointState> {
    const state = await readCheckpointState(folder);
    const different = differences(state.identity, this.identity);
    if (different.length > 0) {
      const changes = different.map(
        (name) => `${name} was ${state.identity[name] ?? 'absent'} and is ${this.identity[name] ?? 'absent'}`,
      );
      throw new CheckpointError(
        folder,
        `${folder} belongs to a run with other options or data: ${changes.join(', ')}. Leave these options out to continue it, or leave --resume out to start a new run.`,
      );
    }
    await restoreWeights(folder, this.model);
    this.#saved = await checkpointsOf(dirname(folder));
    return state;
  }

  async restoreMoments(folder: string, adam: Adam, steps: number): Promise<void> {
    await restoreMoments(folder, adam, steps);
  }

  async #prune(best: string): Promise<void> {
    const old = this.#saved.slice(0, -KEPT).filter((name) => name !== best);
    for (const name of old) await rm(this.#folder(name), { recursive: true, force: true });
    this.#saved = this.#saved.filter((name) => !old.includes(name));
  }

  #folder(name: string): string {
    return join(this.root, this.run, this.part, name);
  }
}

/**
 * What the run that `--resume` means was started with; `undefined` where its checkpoint does not say.
 * @throws CheckpointError as {@link findCheckpoint} and {@link readCheckpointState}
 */
export async function readRunRecord(root: string, resume: string): Promise<RunRecord | undefined> {
  const { folder } = await findCheckpoint(root, resume);
  return (await readCheckpointState(folder)).run;
}

export interface FoundCheckpoint {
  readonly run: string;
  readonly folder: string;
}

/**
 * The checkpoint that `--resume` means: `latest`, the name of a run, or the folder of a checkpoint.
 * @throws CheckpointError when there is none
 */
export async function findCheckpoint(root: string, resume: string): Promise<FoundCheckpoint> {
  if (CHECKPOINT_NAME.test(basename(resume)) && (await isFolder(resume))) {
    const parent = dirname(resume);
    // Of a second training the first comes before it: what is done of it is taken up.
    if (basename(parent) === REFIT) return findCheckpoint(root, dirname(parent));
    return { run: basename(parent), folder: resume };
  }
  const runs = resume === 'latest' ? (await list(root)).sort().reverse() : [basename(resume)];
  for (const run of runs) {
    const newest = (await checkpointsOf(join(root, run))).at(-1);
    if (newest !== undefined) return { run, folder: join(root, run, newest) };
  }
  throw new CheckpointError(
    root,
    resume === 'latest'
      ? `There is no checkpoint in ${root}; leave --resume out to start a run.`
      : `There is no checkpoint of the run ${resume} in ${root}; look there for the names of runs, or use --resume latest.`,
  );
}

/** The newest checkpoint of a run's second training, if there is one. */
export async function findRefit(root: string, run: string): Promise<string | undefined> {
  const folder = join(root, run, REFIT);
  const newest = (await checkpointsOf(folder)).at(-1);
  return newest === undefined ? undefined : join(folder, newest);
}

/** The checkpoints of a run's folder, oldest first. */
async function checkpointsOf(folder: string): Promise<string[]> {
  const names = (await list(folder)).filter((name) => CHECKPOINT_NAME.test(name));
  const dated = await Promise.all(
    names.map(async (name) => ({ name, time: (await stat(join(folder, name))).mtimeMs })),
  );
  return dated.sort((a, b) => a.time - b.time).map(({ name }) => name);
}

async function list(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
