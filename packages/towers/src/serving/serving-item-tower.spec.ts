import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelConfig } from '@vector-recall/core-config';
import { RandomStream } from '@vector-recall/random';
import { selectBackend } from '../backend/select-backend';
import { TowerInputError } from '../errors';
import { appendToItems } from '../item-item/append';
import type { TwoTowerModel } from '../model/two-tower-model';
import type { TowerInputs } from '../model/types';
import { infoNce, toyBatch, toyInputs, toyItems, toyModel } from '../testing/toy-world';
import { ServingItemTower } from './serving-item-tower';
import { readServingTowers } from './serving-user-tower';

const ITEMS = Int32Array.from({ length: 7 }, (_, row) => row);

let folder: string;

beforeAll(async () => {
  await selectBackend('auto');
  folder = await mkdtemp(join(tmpdir(), 'serving-item-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A model whose moving moments are those of a training, and not the ones it began with. */
async function trained(config: Partial<ModelConfig>, inputs: TowerInputs): Promise<[TwoTowerModel, ServingItemTower]> {
  const model = toyModel(config, inputs);
  for (let step = 0; step < 3; step++) {
    model.computeGradients(toyBatch(model.inputs), toyItems(), infoNce, new RandomStream(step, 'dropout'));
  }
  return [model, await reload(model)];
}

async function reload(model: TwoTowerModel): Promise<ServingItemTower> {
  await model.save(folder);
  return new ServingItemTower(await readServingTowers(folder, model.inputs, { items: true }), model.inputs.items);
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a).toHaveLength(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

const shapes: readonly Partial<ModelConfig>[] = [
  {},
  { hiddenDims: [], embeddingDim: 5 },
  { hiddenDims: [7, 9, 11], idDim: 5, featureDim: 7 },
  { trunk: 'sum', embeddingDim: 8 },
];

describe.each(shapes)('the item tower of the widths %j', (shape) => {
  it('gives the vectors of the model, and of items without an id those that the model gives by attributes', async () => {
    const inputs = toyInputs();
    const { fields = [] } = inputs.items;
    const [model, tower] = await trained(shape, inputs);
    const vectors = model.encodeItems(ITEMS);
    expect(largestDifference(tower.encode({ items: ITEMS, fields }), vectors)).toBeLessThan(1e-5);
    const strangers = tower.encode({ items: ITEMS.map(() => -1), fields }).slice();
    expect(largestDifference(strangers, vectors)).toBeGreaterThan(0.001);
    model.forget(new Int32Array(0), ITEMS);
    expect(largestDifference(strangers, model.encodeItems(ITEMS))).toBeLessThan(1e-5);
  });
});

it('adds the item-item term, for items that came later by what the tower makes of them', async () => {
  const inputs = toyInputs();
  const { fields = [] } = inputs.items;
  const [model, tower] = await trained({ itemItemDim: 4 }, inputs);
  expect(largestDifference(tower.encode({ items: ITEMS, fields }), model.encodeItems(ITEMS))).toBeLessThan(1e-5);
  const { itemItem } = model;
  if (itemItem === undefined) throw new Error('The model has no term.');
  const strangers = ITEMS.map(() => -1);
  const expected = appendToItems(model.encodeByTower(ITEMS, strangers), 6, itemItem, strangers);
  expect(largestDifference(tower.encode({ items: strangers, fields }), expected)).toBeLessThan(1e-5);
});

it('encodes items of a model that knows ids alone', async () => {
  const { users } = toyInputs();
  const [model, tower] = await trained({}, { users, items: { count: 7 } });
  const vectors = tower.encode({ items: ITEMS, fields: [] });
  expect(largestDifference(vectors, model.encodeItems(ITEMS))).toBeLessThan(1e-5);
});

it('refuses a batch of other fields or of wrong values', async () => {
  const inputs = toyInputs();
  const { fields = [] } = inputs.items;
  const [, tower] = await trained({}, inputs);
  expect(() => tower.encode({ items: Int32Array.of(7), fields })).toThrow(TowerInputError);
  expect(() => tower.encode({ items: ITEMS, fields: fields.slice(1) })).toThrow('fields must have 5 entries; got 4.');
  expect(() => tower.encode({ items: ITEMS, fields: fields.toReversed() })).toThrow(
    'Field 0 of a batch must be items.category.genre of size 2.',
  );
  expect(() => tower.encode({ items: ITEMS.subarray(1), fields })).toThrow(/items.category.genre.values must have 6/);
});
