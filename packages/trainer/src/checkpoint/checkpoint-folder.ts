import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  readSafetensors,
  TOWER_FILE,
  type NamedTensor,
  type SafetensorsContent,
  type TwoTowerModel,
  writeSafetensors,
} from '@vector-recall/towers';
import { CheckpointError } from '../errors';
import type { Adam } from '../optimizer/adam';
import type { ProgressState } from '../training/progress';
import {
  CHECKPOINT_FORMAT,
  type CheckpointState,
  checkpointStateSchema,
  type RunIdentity,
  type RunRecord,
} from './checkpoint-state';
import { checksumOf, type FileChecksum } from './checksum';

const MOMENTS = 'moments.safetensors';
const STATE = 'state.json';

/** Writes a checkpoint into a folder that exists. `state.json` comes last and holds the checksums of the others. */
export async function writeCheckpoint(
  folder: string,
  content: { model: TwoTowerModel; adam: Adam; progress: ProgressState; identity: RunIdentity; run?: RunRecord },
): Promise<void> {
  const { model, adam, progress, identity, run } = content;
  await model.save(folder);
  await writeSafetensors(join(folder, MOMENTS), momentTensors(model, adam));
  const files: Record<string, FileChecksum> = {};
  for (const file of [TOWER_FILE, MOMENTS]) files[file] = await checksumOf(join(folder, file));
  const state = { format: CHECKPOINT_FORMAT, run, identity, progress, adamSteps: adam.steps, files };
  await writeFile(join(folder, STATE), JSON.stringify(state, null, 2));
}

/**
 * The state of a checkpoint whose files are whole.
 * @throws CheckpointError otherwise
 */
export async function readCheckpointState(folder: string): Promise<CheckpointState> {
  const state = checkpointStateSchema.safeParse(await readJson(folder));
  if (!state.success) {
    throw new CheckpointError(
      folder,
      `${join(folder, STATE)} is not the state of a checkpoint that this version reads.`,
    );
  }
  for (const [file, expected] of Object.entries(state.data.files)) {
    const found = await checksumOf(join(folder, file)).catch(() => undefined);
    if (found?.sha256 !== expected.sha256) {
      throw new CheckpointError(folder, `${join(folder, file)} is damaged or missing; resume from another checkpoint.`);
    }
  }
  return state.data;
}

/** Puts the weights of a checkpoint into a model of the same shape. */
export async function restoreWeights(folder: string, model: TwoTowerModel): Promise<void> {
  const stored = await readSafetensors(join(folder, TOWER_FILE));
  for (const { name, values } of model.parameters.values()) copyInto(folder, values, stored, name);
}

/** Puts the moments of a checkpoint into an optimiser of the same model. */
export async function restoreMoments(folder: string, adam: Adam, steps: number): Promise<void> {
  const stored = await readSafetensors(join(folder, MOMENTS));
  for (const [name, { first, second }] of adam.moments) {
    copyInto(folder, first, stored, `${name}/first`);
    copyInto(folder, second, stored, `${name}/second`);
  }
  adam.resumeAt(steps);
}

function momentTensors(model: TwoTowerModel, adam: Adam): NamedTensor[] {
  return Array.from(adam.moments, ([name, { first, second }]) => {
    const shape = model.parameters.get(name)?.shape ?? [first.length];
    return [
      { name: `${name}/first`, shape, values: first },
      { name: `${name}/second`, shape, values: second },
    ];
  }).flat();
}

function copyInto(folder: string, target: Float32Array, stored: SafetensorsContent, name: string): void {
  const values = stored.tensors.get(name)?.values;
  if (!(values instanceof Float32Array) || values.length !== target.length) {
    throw new CheckpointError(folder, `${folder} does not hold ${name} as this model has it; it is of another model.`);
  }
  target.set(values);
}

async function readJson(folder: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(folder, STATE), 'utf8'));
  } catch {
    throw new CheckpointError(folder, `${folder} is not a checkpoint: its ${STATE} cannot be read.`);
  }
}
