import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelConfig } from '@vector-recall/core-config';
import { RandomStream } from '@vector-recall/random';
import { selectBackend } from '../backend/select-backend';
import { TowerInputError, WeightFileError } from '../errors';
import type { TwoTowerModel } from '../model/two-tower-model';
import type { TowerInputs, UserBatch } from '../model/types';
import { infoNce, toyBatch, toyInputs, toyItems, toyModel, typedInputs } from '../testing/toy-world';
import { ServingUserTower } from './serving-user-tower';

const BATCH = 23;

let folder: string;

beforeAll(async () => {
  await selectBackend('auto');
  folder = await mkdtemp(join(tmpdir(), 'serving-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A model whose moving moments are those of a training, and not the ones it began with. */
async function trained(config: Partial<ModelConfig>, inputs: TowerInputs): Promise<[TwoTowerModel, ServingUserTower]> {
  const model = toyModel(config, inputs);
  for (let step = 0; step < 3; step++) {
    const historyLength = config.historyLength ?? 3;
    const batch = {
      ...toyBatch(model.inputs),
      ...(historyLength < 3 ? shortHistories(inputs.users.eventTypes !== undefined) : {}),
    };
    model.computeGradients(batch, toyItems(), infoNce, new RandomStream(step, 'dropout'));
  }
  await model.save(folder);
  return [
    model,
    await ServingUserTower.load(folder, inputs, model.encodeItems(Int32Array.from({ length: 7 }, (_, n) => n))),
  ];
}

const shortHistories = (types: boolean) => ({
  historyOffsets: Int32Array.of(0, 1, 1, 2, 2),
  historyItems: Int32Array.of(5, 2),
  historyTypes: types ? Int32Array.of(1, 2) : undefined,
});

/** Known and unknown users with histories of every length, among them none. */
function batchOf(historyLength: number, features?: Float32Array, hasContext = true): UserBatch {
  const random = new RandomStream(8, 'serving batch');
  const below = (end: number): number => Math.floor(random.uniform() * end);
  const lengths = Array.from({ length: BATCH }, (_, i) => i % (historyLength + 1));
  const historyOffsets = new Int32Array(BATCH + 1);
  lengths.forEach((length, i) => (historyOffsets[i + 1] = historyOffsets[i] + length));
  return {
    users: Int32Array.from({ length: BATCH }, () => below(6) - 1),
    historyOffsets,
    historyItems: Int32Array.from({ length: historyOffsets[BATCH] }, () => below(7)),
    features,
    context: hasContext
      ? [2, 3].map((labels) => Int32Array.from({ length: BATCH }, () => below(labels + 1) - 1))
      : undefined,
  };
}

function freshFeatures(width: number): Float32Array {
  const random = new RandomStream(9, 'fresh features');
  return Float32Array.from({ length: BATCH * width }, () => random.normal());
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a).toHaveLength(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

const encoders: readonly ModelConfig['historyEncoder'][] = ['none', 'mean', 'recency', 'transformer'];
const shapes: readonly Partial<ModelConfig>[] = [
  {},
  { hiddenDims: [], embeddingDim: 5, historyHeads: 1, historyBlocks: 1 },
  { hiddenDims: [7, 9, 11], idDim: 5, historyDim: 3, featureDim: 7, historyLength: 1 },
  { trunk: 'sum', embeddingDim: 8, historyBlocks: 3 },
  { itemItemDim: 4 },
];

describe.each(encoders)('the user tower with the history encoder %s', (historyEncoder) => {
  describe.each(shapes)('and the widths %j', (shape) => {
    it.each(['stored', 'fresh', 'no'])('gives the vectors of the model for %s features', async (kind) => {
      const { users, items } = toyInputs();
      const inputs = kind === 'no' ? { users: { count: users.count }, items } : { users, items };
      const [model, tower] = await trained({ ...shape, historyEncoder }, inputs);
      const batch = batchOf(shape.historyLength ?? 3, kind === 'fresh' ? freshFeatures(3) : undefined, kind !== 'no');
      const vectors = model.encodeUsers(batch);
      expect(largestDifference(tower.encode(batch), vectors)).toBeLessThan(1e-5);
      // Not the same vector for everybody, which would be easy to match.
      const dim = vectors.length / BATCH;
      expect(largestDifference(vectors.subarray(0, dim), vectors.subarray(dim, 2 * dim))).toBeGreaterThan(0.001);
    });
  });

  it.each(shapes)('reads types of events as the model does, with the widths %j', async (shape) => {
    const length = shape.historyLength ?? 3;
    const [model, tower] = await trained({ ...shape, historyEncoder }, typedInputs());
    const batch = batchOf(length);
    const random = new RandomStream(7, 'types');
    const historyTypes = batch.historyItems.map(() => random.integer(4) - 1);
    const vectors = tower.encode({ ...batch, historyTypes });
    expect(largestDifference(vectors, model.encodeUsers({ ...batch, historyTypes }))).toBeLessThan(1e-5);
    const unknown = tower.encode(batch);
    expect(largestDifference(unknown, model.encodeUsers(batch))).toBeLessThan(1e-5);
    expect(largestDifference(vectors, unknown) > 0.001).toBe(historyEncoder !== 'none');
  });

  it('gives a user the same vector alone and among others', async () => {
    const [, tower] = await trained({ historyEncoder }, toyInputs());
    const batch = batchOf(3);
    const together = tower.encode(batch).slice();
    for (let i = 0; i < BATCH; i++) {
      const [start, end] = batch.historyOffsets.subarray(i, i + 2);
      const alone = tower.encode({
        users: batch.users.subarray(i, i + 1),
        historyOffsets: Int32Array.of(0, end - start),
        historyItems: batch.historyItems.subarray(start, end),
        context: batch.context?.map((labels) => labels.subarray(i, i + 1)),
      });
      expect(largestDifference(alone, together.subarray(i * 6, (i + 1) * 6))).toBeLessThan(1e-6);
    }
  });

  it('is the same made of a model in memory', async () => {
    const [model, tower] = await trained({ historyEncoder }, toyInputs());
    expect(ServingUserTower.of(model).encode(batchOf(3))).toEqual(tower.encode(batchOf(3)));
  });

  it('says how much of a history it reads', async () => {
    const [, tower] = await trained({ historyEncoder }, toyInputs());
    expect(tower.historyLength).toBe(historyEncoder === 'none' ? 0 : 3);
  });
});

it('refuses a batch that does not fit the model', async () => {
  const [, tower] = await trained({}, toyInputs());
  expect(() => tower.encode({ ...toyBatch(), users: Int32Array.of(0, 3, 5, 1) })).toThrow(TowerInputError);
});

it('refuses weights of other inputs, and none', async () => {
  await trained({}, toyInputs());
  const { users, items } = toyInputs();
  const other = ServingUserTower.load(folder, { users: { ...users, count: 6 }, items });
  await expect(other).rejects.toBeInstanceOf(WeightFileError);
  await expect(other).rejects.toThrow(/was trained with 5 users .* is loaded with 6 users/);
  await expect(ServingUserTower.load(join(folder, 'nothing'), toyInputs())).rejects.toBeInstanceOf(WeightFileError);
});
