import { join } from 'node:path';
import { sectionSchemas, type ModelConfig } from '@vector-recall/core-config';
import { z } from 'zod';
import { WeightFileError } from '../errors';
import type { Parameter, TowerInputs } from '../model/types';
import { readSafetensors, type SafetensorsContent } from './read-safetensors';
import type { TensorValues } from './safetensors-header';
import { writeSafetensors } from './write-safetensors';

/** The name of the weights in an artifact. */
export const TOWER_FILE = 'towers.safetensors';

/** Raised when the towers change so that older weights mean something else. */
const FORMAT = 1;

/** The part of the inputs that shapes the weights. */
const inputShapeSchema = z.strictObject({
  users: z.int(),
  userFeatures: z.int(),
  items: z.int(),
  categories: z.int(),
  tags: z.int(),
  itemFeatures: z.int(),
});

const towerSchema = z.object({ format: z.int(), config: sectionSchemas.model, inputs: inputShapeSchema });

interface Towers {
  readonly config: ModelConfig;
  readonly inputs: TowerInputs;
  readonly parameters: ReadonlyMap<string, Parameter>;
}

/** Writes the weights of a model into a folder. */
export async function saveTowers(folder: string, { config, inputs, parameters }: Towers): Promise<void> {
  const towers = JSON.stringify({ format: FORMAT, config, inputs: inputShape(inputs) });
  await writeSafetensors(join(folder, TOWER_FILE), [...parameters.values()], { towers });
}

/** The weights of a file, before a model takes them. */
export interface StoredTowers {
  readonly file: string;
  readonly config: ModelConfig;
  readonly tensors: SafetensorsContent['tensors'];
}

/**
 * Reads weights that were trained with inputs of the same shape.
 *
 * @throws WeightFileError where the file is damaged, of a newer format or made for inputs of another shape
 */
export async function readTowers(folder: string, inputs: TowerInputs): Promise<StoredTowers> {
  const file = join(folder, TOWER_FILE);
  const { metadata, tensors } = await readSafetensors(file);
  const stored = parseTowers(file, metadata);
  checkInputs(file, stored.inputs, inputShape(inputs));
  return { file, config: stored.config, tensors };
}

/**
 * The values of a weight.
 * @throws WeightFileError where the file does not hold it with this shape
 */
export function weightOf({ file, tensors }: StoredTowers, name: string, shape: readonly number[]): Float32Array {
  const tensor = tensors.get(name);
  if (tensor && isFloat32(tensor.values) && tensor.shape.join() === shape.join()) return tensor.values;
  throw new WeightFileError(file, `${file} does not hold ${name} with the shape [${shape.join(', ')}]; train again.`);
}

/** By tag and not by class: weights that another thread has read come with a class of their own under jest. */
function isFloat32(values: TensorValues): values is Float32Array {
  return Object.prototype.toString.call(values) === '[object Float32Array]';
}

/**
 * Reads weights into a model that `create` makes from the stored config.
 *
 * @throws WeightFileError as {@link readTowers}
 */
export async function loadTowers<Model extends Towers>(
  folder: string,
  inputs: TowerInputs,
  create: (config: ModelConfig) => Model,
): Promise<Model> {
  const stored = await readTowers(folder, inputs);
  const model = create(stored.config);
  for (const { name, shape, values } of model.parameters.values()) values.set(weightOf(stored, name, shape));
  if (stored.tensors.size !== model.parameters.size) {
    throw new WeightFileError(stored.file, `${stored.file} holds arrays that its model does not have; train again.`);
  }
  return model;
}

function parseTowers(file: string, metadata: Readonly<Record<string, string>>): z.output<typeof towerSchema> {
  const result = z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue('not JSON');
        return z.NEVER;
      }
    })
    .pipe(towerSchema)
    .safeParse(metadata.towers);
  if (!result.success) {
    throw new WeightFileError(file, `${file} does not hold the weights of a two-tower model; check the path.`, {
      cause: result.error,
    });
  }
  if (result.data.format > FORMAT) {
    throw new WeightFileError(
      file,
      `${file} has format ${result.data.format} and this version reads up to ${FORMAT}; update Vector Recall.`,
    );
  }
  return result.data;
}

type InputShape = z.output<typeof inputShapeSchema>;

function inputShape({ users, items }: TowerInputs): InputShape {
  return {
    users: users.count,
    userFeatures: users.features?.width ?? 0,
    items: items.count,
    categories: items.categories?.count ?? 0,
    tags: items.tags?.count ?? 0,
    itemFeatures: items.features?.width ?? 0,
  };
}

function checkInputs(file: string, stored: InputShape, given: InputShape): void {
  const names = ['users', 'userFeatures', 'items', 'categories', 'tags', 'itemFeatures'] as const;
  for (const name of names) {
    if (stored[name] !== given[name]) {
      throw new WeightFileError(
        file,
        `${file} was trained with ${name} = ${stored[name]} and is loaded with ${given[name]}; use the inputs of its training.`,
      );
    }
  }
}
