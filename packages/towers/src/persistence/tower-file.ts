import { join } from 'node:path';
import { sectionSchemas, type ModelConfig } from '@vector-recall/core-config';
import { z } from 'zod';
import { WeightFileError } from '../errors';
import { sizeOf, type FieldInput } from '../fields/field-input';
import {
  itemItemOfItems,
  itemItemOfUsers,
  itemItemTensors,
  itemItemWidth,
  type ItemItemWeights,
} from '../item-item/weights';
import type { Parameter, TowerInputs } from '../model/types';
import { readSafetensors, type SafetensorsContent } from './read-safetensors';
import type { TensorValues } from './safetensors-header';
import { writeSafetensors } from './write-safetensors';

/** The name of the weights in an artifact. */
export const TOWER_FILE = 'towers.safetensors';

/** Raised when the towers change so that older weights mean something else. */
const FORMAT = 2;

const towerInputSchema = z.strictObject({
  count: z.int(),
  fields: z.array(z.strictObject({ kind: z.string(), name: z.string(), size: z.int() })),
});

/** The part of the inputs that shapes the weights. */
const inputShapeSchema = z.strictObject({
  users: towerInputSchema.extend({ eventTypes: z.array(z.string()).optional() }),
  items: towerInputSchema,
});

const formatSchema = z.object({ format: z.int() });
const towerSchema = formatSchema.extend({ config: sectionSchemas.model, inputs: inputShapeSchema });

interface Towers {
  readonly config: ModelConfig;
  readonly inputs: TowerInputs;
  readonly parameters: ReadonlyMap<string, Parameter>;
  itemItem?: ItemItemWeights;
}

/** Writes the weights of a model into a folder. */
export async function saveTowers(folder: string, { config, inputs, parameters, itemItem }: Towers): Promise<void> {
  const { tensors, ...towers } = storedTowers({ config, parameters, itemItem });
  const about = JSON.stringify({ format: FORMAT, config: towers.config, inputs: inputShape(inputs) });
  await writeSafetensors(join(folder, TOWER_FILE), [...tensors.values()], { towers: about });
}

/** The weights of a model in memory as a file has them. */
export function storedTowers({ config, parameters, itemItem }: Omit<Towers, 'inputs'>): StoredTowers {
  // What the option asks for may not have been worth having.
  const itemItemDim = itemItem === undefined ? 0 : itemItemWidth(itemItem);
  const term = itemItem === undefined ? [] : itemItemTensors(itemItem);
  return {
    file: 'the model',
    config: { ...config, itemItemDim },
    tensors: new Map([...parameters, ...term.map((tensor) => [tensor.name, tensor] as const)]),
  };
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
  const ofUsers = itemItemOfUsers(stored, inputs.items.count);
  const ofItems = itemItemOfItems(stored, inputs.items.count);
  if (ofUsers && ofItems) model.itemItem = { ...ofUsers, ...ofItems };
  const size = storedTowers(model).tensors.size;
  if (stored.tensors.size !== size) {
    throw new WeightFileError(stored.file, `${stored.file} holds arrays that its model does not have; train again.`);
  }
  return model;
}

function parseTowers(file: string, metadata: Readonly<Record<string, string>>): z.output<typeof towerSchema> {
  const content = parseJson(metadata.towers);
  const format = formatSchema.safeParse(content).data?.format;
  if (format !== undefined && format !== FORMAT) {
    const remedy = format > FORMAT ? 'update Vector Recall' : 'train again to make a new artifact';
    throw new WeightFileError(file, `${file} has format ${format} and this version reads ${FORMAT}; ${remedy}.`);
  }
  const result = towerSchema.safeParse(content);
  if (result.success) return result.data;
  throw new WeightFileError(file, `${file} does not hold the weights of a two-tower model; check the path.`, {
    cause: result.error,
  });
}

/** `undefined` for what is no JSON. */
function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

type InputShape = z.output<typeof inputShapeSchema>;

function inputShape({ users, items }: TowerInputs): InputShape {
  const shapesOf = (fields: readonly FieldInput[] = []) =>
    fields.map((field) => ({ kind: field.kind, name: field.name, size: sizeOf(field) }));
  const context = (users.context ?? []).map(({ name, count }) => ({ kind: 'context', name, size: count }));
  return {
    users: {
      count: users.count,
      fields: [...shapesOf(users.fields), ...context],
      ...(users.eventTypes && { eventTypes: [...users.eventTypes] }),
    },
    items: { count: items.count, fields: shapesOf(items.fields) },
  };
}

function checkInputs(file: string, stored: InputShape, given: InputShape): void {
  for (const side of ['users', 'items'] as const) {
    const [trained, loaded] = [describe(side, stored[side]), describe(side, given[side])];
    if (trained === loaded) continue;
    throw new WeightFileError(
      file,
      `${file} was trained with ${trained} and is loaded with ${loaded}; use the inputs of its training.`,
    );
  }
}

/** `3 users (numbers age of size 2; events view, purchase)` */
function describe(side: string, { count, fields, eventTypes }: InputShape['users']): string {
  const list = fields.map(({ kind, name, size }) => `${kind} ${name} of size ${size}`);
  const events = eventTypes === undefined ? '' : `; events ${eventTypes.join(', ')}`;
  return `${count} ${side} (${list.join(', ') || 'no fields'}${events})`;
}
