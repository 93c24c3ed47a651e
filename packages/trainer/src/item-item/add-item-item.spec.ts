import { compileConfig, type VectorRecallConfig } from '@vector-recall/core-config';
import { splitLeaveLastOut, type Split } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import { selectBackend, TwoTowerModel } from '@vector-recall/towers';
import { logOf } from '../testing/logs';
import { toyInputs, toyModelConfig, toySplit } from '../testing/toy-world';
import { addItemItem, chooseItemItem } from './add-item-item';

const DIM = 16;
const config: VectorRecallConfig = {
  ...compileConfig({ flags: { preset: 'two-layer' } }),
  model: { ...toyModelConfig, itemItemDim: DIM },
};

const untrained = (): TwoTowerModel => new TwoTowerModel(config.model, toyInputs, new RandomStream(1, 'weights'));

/** Histories that say nothing of what comes next. */
function noise(): Split {
  const random = new RandomStream(5, 'noise');
  return splitLeaveLastOut(
    logOf(
      toyInputs.items.count,
      Array.from({ length: toyInputs.users.count }, () => Array.from({ length: 6 }, () => random.integer(200))),
    ),
  );
}

beforeAll(() => selectBackend('auto'));

it('gives a model that knows nothing what items go together', async () => {
  const model = untrained();
  const chosen = await chooseItemItem(model, toySplit(), config);
  expect(chosen.share).toBeGreaterThan(0.25);
  expect(model.dim).toBe(model.config.embeddingDim);
  // What was made for the choice is the same as what is made anew at the same share.
  await addItemItem(model, toySplit(), { share: chosen.share, lambda: chosen.lambda }, 'validation', config);
  expect(model.itemItem).toEqual(chosen.term);
  model.itemItem = undefined;
  await addItemItem(model, toySplit(), chosen, 'validation', config);
  expect(model.dim).toBe(model.config.embeddingDim + DIM);
});

it('leaves a model as it is where validation is not better for it', async () => {
  const model = untrained();
  expect((await chooseItemItem(model, noise(), config)).share).toBeUndefined();
  expect(model.itemItem).toBeUndefined();
});

it.each([{ itemItemDim: 0 }, { historyEncoder: 'none' as const }])('adds nothing with %j', async (options) => {
  const model = untrained();
  const without = { ...config, model: { ...config.model, ...options } };
  expect(await chooseItemItem(model, toySplit(), without)).toEqual({});
});

it('knows what a model was trained on, and nothing of what is held out', async () => {
  const split = toySplit();
  const term = async (given: Split, part: 'validation' | 'test') => {
    const model = untrained();
    await addItemItem(model, given, { share: 1, lambda: 50 }, part, config);
    return Array.from(model.itemItem?.items ?? []);
  };
  const { testAt, validationAt, log } = split;
  const changed = (positions: Int32Array): Split => {
    const items = log.items.slice();
    for (const at of positions) if (at >= 0) items[at] = (items[at] + 1) % log.itemCount;
    return { ...split, log: { ...log, items } };
  };
  const was = await term(split, 'test');
  expect(was).toHaveLength(200 * (DIM - 1));
  expect(await term(changed(testAt), 'test')).toEqual(was);
  expect(await term(changed(validationAt), 'test')).not.toEqual(was);
  expect(await term(changed(validationAt), 'validation')).toEqual(await term(split, 'validation'));
});

it('guesses by attributes what items that occur nowhere go with', async () => {
  const model = untrained();
  const split = toySplit();
  // The last group's items but five are taken out of the log: they go with what is left of their group.
  const { log } = split;
  const items = log.items.map((item) => (item % 4 === 3 && item >= 20 ? item % 20 : item));
  const emptied = { ...split, log: { ...log, items } };
  await addItemItem(model, emptied, { share: 1, lambda: 50 }, 'test', config);
  const { itemItem } = model;
  if (itemItem === undefined) throw new Error('The model has no term.');
  const row = (item: number) => itemItem.items.subarray(item * itemItem.rank, (item + 1) * itemItem.rank);
  const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i], 0);
  expect(dot(row(43), row(3))).toBeGreaterThan(dot(row(43), row(2)));
});
