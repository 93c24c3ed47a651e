import type { ModelConfig } from '@vector-recall/core-config';
import { RandomStream } from '@vector-recall/random';
import { type FieldInput, type TowerInputs, TwoTowerModel } from '@vector-recall/towers';
import { ContinuationError } from '../errors';

/**
 * Makes sure that a run's options give a model of the same layers as the stored one's.
 * @throws ContinuationError that names every option that would change a shape
 */
export function refuseShapeChanges(stored: Pick<TwoTowerModel, 'config' | 'inputs'>, config: ModelConfig): void {
  const changed = changedOptions(stored.config, config);
  if (changed.length === 0) return;
  const inputs = oneRow(stored.inputs);
  const shapesOf = (options: ModelConfig): string =>
    [...new TwoTowerModel(options, inputs, new RandomStream(0)).parameters.values()]
      .map(({ name, shape }) => `${name} ${shape.join()}`)
      .join('\n');
  const before = shapesOf(stored.config);
  if (shapesOf(config) === before) return;
  const alone = changed.filter((key) => shapesOf({ ...stored.config, [key]: config[key] }) !== before);
  // Some options change a shape only together.
  const refused = (alone.length > 0 ? alone : changed).map(
    (key) => `model.${key} (${JSON.stringify(stored.config[key])}, now ${JSON.stringify(config[key])})`,
  );
  throw new ContinuationError(
    `A training can't continue with options that change the shape of the stored model: ${refused.join(', ')}. ` +
      'Leave them as they were, or leave --from out to train a new model.',
  );
}

function changedOptions(stored: ModelConfig, config: ModelConfig): (keyof ModelConfig)[] {
  const keys = Object.keys(config) as (keyof ModelConfig)[];
  return keys.filter((key) => JSON.stringify(stored[key]) !== JSON.stringify(config[key]));
}

/** The same inputs with one user and one item: shapes apart from the rows of id tables stay, and a model is cheap. */
function oneRow({ users, items }: TowerInputs): TowerInputs {
  return {
    users: { count: 1, fields: users.fields?.map(firstRow) },
    items: { count: 1, fields: items.fields?.map(firstRow) },
  };
}

function firstRow(field: FieldInput): FieldInput {
  if ('width' in field) return { ...field, values: field.values.slice(0, field.width) };
  if (field.kind === 'category') return { ...field, values: field.values.slice(0, 1) };
  return { ...field, offsets: field.offsets.slice(0, 2), values: field.values.slice(0, field.offsets[1]) };
}
