import * as tf from '@tensorflow/tfjs';
import type { ModelConfig } from '@vector-recall/core-config';
import { RandomStream } from '@vector-recall/random';
import { selectBackend } from '../backend/select-backend';
import { TowerInputError } from '../errors';
import { backendCases } from '../testing/backend-cases';
import { numbersOf, type FieldInput } from '../fields/field-input';
import { gradientOf, slopeRatios } from '../testing/slope-ratios';
import { infoNce, toyBatch, toyInputs, toyItems, toyModel } from '../testing/toy-world';
import { TwoTowerModel } from './two-tower-model';
import type { Gradients, TowerInputs, UserBatch } from './types';

function step(model: TwoTowerModel, random = new RandomStream(1, 'dropout')) {
  return model.computeGradients(toyBatch(model.inputs), toyItems(), infoNce, random);
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

const encoders: readonly ModelConfig['historyEncoder'][] = ['none', 'mean', 'recency', 'transformer'];

for (const { name: backend, available } of backendCases) {
  (available ? describe : describe.skip)(`TwoTowerModel on ${backend}`, () => {
    beforeAll(async () => {
      await selectBackend(backend);
    });

    const shapes = encoders.flatMap((historyEncoder) => [
      { historyEncoder, trunk: 'layers' as const },
      { historyEncoder, trunk: 'sum' as const },
    ]);
    it.each(shapes)('knows how its loss changes along each parameter: %j', (shape) => {
      const model = toyModel(shape);
      for (const { name, ratio } of slopeRatios(model, toyBatch(model.inputs))) {
        expect({ name, ratio }).toEqual({ name, ratio: expect.closeTo(1, 1) as number });
      }
    });

    it('leaves no tensor behind, step after step and call after call', () => {
      const model = toyModel({ dropout: 0.2, historyEncoder: 'transformer' });
      const before = tf.memory().numTensors;
      for (let i = 0; i < 5; i++) step(model);
      model.encodeUsers(toyBatch());
      model.encodeItems(toyItems());
      model.computeLoss(toyBatch(), toyItems(), infoNce);
      expect(tf.memory().numTensors).toBe(before);
    });

    it('takes the batch’s moments as they are after the first step', () => {
      const model = toyModel();
      step(model);
      // With the moments of that very batch, evaluation differs from training by the unbiased variance alone.
      const factor = (rows: number) => rows / (rows - 1);
      for (const [tower, rows] of [
        ['user', 4],
        ['item', 6],
      ] as const) {
        // prettier-ignore
        for (const layer of [0, 1]) {
          const variance = model.parameters.get(`${tower}.mlp.hidden.${layer}.norm.variance`);
          variance?.values.forEach((value, i, values) => (values[i] = value / factor(rows)));
        }
      }
      expect(model.computeLoss(toyBatch(), toyItems(), infoNce)).toBeCloseTo(step(model).loss, 4);
    });

    it('learns which item each user takes', () => {
      const model = toyModel({ dropout: 0.1 });
      const random = new RandomStream(9, 'dropout');
      const batch: UserBatch = {
        users: Int32Array.of(0, 1, 2, 3, 4),
        historyOffsets: Int32Array.of(0, 1, 2, 3, 4, 5),
        historyItems: Int32Array.of(5, 6, 5, 6, 5),
      };
      const items = Int32Array.of(4, 3, 2, 1, 0, 5, 6);
      const before = model.computeLoss(batch, items, infoNce);
      for (let i = 0; i < 200; i++) descend(model, model.computeGradients(batch, items, infoNce, random).gradients);
      // Guessing among seven items costs log 7 = 1.95; five vectors spread as far as they can be reach about 0.4.
      expect(before).toBeGreaterThan(1);
      expect(model.computeLoss(batch, items, infoNce)).toBeLessThan(0.8);
    });

    it('learns nothing about an id that is hidden, and reads the item by its attributes', () => {
      const model = toyModel();
      const hidden = toyItems().map((item) => (item === 4 ? -1 : item));
      const random = () => new RandomStream(1, 'dropout');
      // Histories read the id table too, and none of them holds item 4.
      const { loss, gradients } = model.computeGradients(toyBatch(), toyItems(), infoNce, random(), hidden);
      expect([...(gradients.tables.get('item.id.table')?.rows ?? [])]).not.toContain(4);
      expect(step(model, random()).loss).not.toBeCloseTo(loss, 4);
      model.forget(new Int32Array(0), Int32Array.of(4));
      expect(step(model, random()).loss).toBeCloseTo(loss, 5);
    });

    it('takes a forgotten user for an unknown one', () => {
      const { users, items } = toyInputs();
      const model = toyModel({}, { users: { ...users, fields: users.fields?.slice(0, 1) }, items });
      const vectorOf = (user: number) => [
        ...model.encodeUsers({ ...toyBatch(), users: new Int32Array(4).fill(user), features: new Float32Array(12) }),
      ];
      expect(distance(vectorOf(3), vectorOf(-1))).toBeGreaterThan(0.01);
      model.forget(Int32Array.of(3), new Int32Array(0));
      expect(vectorOf(3)).toEqual(vectorOf(-1));
    });

    it('gives the same bits for the same seeds', () => {
      const run = () => {
        const { loss, gradients } = step(toyModel({ dropout: 0.3 }), new RandomStream(4));
        const [...names] = gradients.dense.keys();
        return { loss, names, first: [...(gradients.dense.get(names[0]) ?? [])] };
      };
      expect(run()).toEqual(run());
    });

    it('encodes to length one, however the rows are cut into blocks', () => {
      const model = toyModel();
      const rows = new Int32Array(10_000).map((_, i) => i % 7);
      const many = model.encodeItems(rows);
      const few = model.encodeItems(Int32Array.of(0, 1, 2, 3, 4, 5, 6));
      for (const i of [0, 6, 8191, 8192, 9999]) {
        const vector = many.subarray(i * 6, i * 6 + 6);
        expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
        const row = rows[i] * 6;
        expect(distance(vector, few.subarray(row, row + 6))).toBeLessThan(1e-5);
      }
    });

    it('encodes batches of users as it encodes each alone', () => {
      const model = toyModel({ historyEncoder: 'transformer' });
      const whole = model.encodeUsers(toyBatch());
      const alone = model.encodeUsers({
        users: Int32Array.of(-1),
        historyOffsets: Int32Array.of(0, 2),
        historyItems: Int32Array.of(5, 6),
        context: [Int32Array.of(-1), Int32Array.of(0)],
      });
      expect(distance(alone, whole.subarray(12, 18))).toBeLessThan(1e-5);
    });

    it('reads the features that a batch brings instead of those stored', () => {
      const model = toyModel();
      const stored = numbersOf(toyInputs().users.fields)?.values ?? new Float32Array();
      const batch = { ...toyBatch(), users: Int32Array.of(0, 0, 0, 0) };
      const own = Float32Array.from({ length: 12 }, (_, i) => stored[i % 3]);
      expect([...model.encodeUsers({ ...batch, features: own })]).toEqual([...model.encodeUsers(batch)]);
      own[0] += 1;
      expect([...model.encodeUsers({ ...batch, features: own })]).not.toEqual([...model.encodeUsers(batch)]);
    });

    it('reads the context that a batch brings, and an unknown one without', () => {
      const model = toyModel();
      const batch = toyBatch();
      const unknown = [new Int32Array(4).fill(-1), new Int32Array(4).fill(-1)];
      const vectors = model.encodeUsers(batch);
      const without = model.encodeUsers({ ...batch, context: undefined });
      expect([...model.encodeUsers({ ...batch, context: unknown })]).toEqual([...without]);
      expect(distance(vectors, without)).toBeGreaterThan(0.01);
    });

    it('works from ids alone and without hidden layers', () => {
      const inputs: TowerInputs = { users: { count: 5 }, items: { count: 7 } };
      const model = toyModel({ hiddenDims: [], historyEncoder: 'none' }, inputs);
      expect([...model.parameters.keys()]).toEqual([
        'user.id.table',
        'user.mlp.output.weight',
        'user.mlp.output.bias',
        'item.id.table',
        'item.mlp.output.weight',
        'item.mlp.output.bias',
      ]);
      const { loss, gradients } = step(model);
      expect(loss).toBeGreaterThan(0);
      expect([...(gradients.tables.get('user.id.table')?.rows ?? [])].sort()).toEqual([0, 1, 3, 5]);
    });
  });
}

function descend(model: TwoTowerModel, gradients: Gradients): void {
  for (const parameter of model.parameters.values()) {
    if (!parameter.trainable) continue;
    gradientOf(parameter, gradients).forEach((slope, i) => (parameter.values[i] -= 0.3 * slope));
  }
}

const available = backendCases.filter((backend) => backend.available);

(available.length > 1 ? it : it.skip)('native and WASM give the same vectors and the same gradients', async () => {
  const results = [];
  for (const { name } of available) {
    await selectBackend(name);
    const model = toyModel({ historyEncoder: 'transformer', dropout: 0.2 });
    const { loss, gradients } = step(model);
    const gradient = [...gradients.dense.values()].flatMap((values) => [...values]);
    results.push({ loss, gradient, vectors: model.encodeItems(toyItems()) });
  }
  const [one, two] = results;
  expect(one.loss).toBeCloseTo(two.loss, 4);
  expect(distance(one.gradient, two.gradient)).toBeLessThan(1e-3);
  expect(distance(one.vectors, two.vectors)).toBeLessThan(1e-4);
});

describe('what the model refuses', () => {
  const withItems = (...fields: FieldInput[]): TowerInputs => ({ users: { count: 5 }, items: { count: 7, fields } });
  const category = { kind: 'category', name: 'genre', count: 2, values: Int32Array.of(0, 1, 1, 0, 0, 0, 0) } as const;
  const tags = { kind: 'tags', name: 'tags', count: 2, values: Int32Array.of(0) } as const;
  const numbers = { kind: 'numbers', name: 'features', width: 2, values: new Float32Array(14) } as const;

  it.each([
    [{ users: { count: 5 }, items: { count: 0 } }, 'items.count must be a whole number of at least 1; got 0.'],
    [
      withItems({ ...category, values: Int32Array.of(0, 1, 2, 0, 0, 0, 0) }),
      'items.category.genre.values[2] must be from -1 to 1; got 2.',
    ],
    [withItems({ ...category, values: Int32Array.of(0) }), 'items.category.genre.values must have 7 entries; got 1.'],
    [
      withItems({ ...tags, offsets: Int32Array.of(0, 1, 1, 1, 1, 1, 1, 2) }),
      'items.tags.tags.offsets must start at 0 and end at 1, the number of entries.',
    ],
    [
      withItems({ ...tags, offsets: Int32Array.of(0, 1, 0, 1, 1, 1, 1, 1) }),
      'items.tags.tags.offsets must never fall; it does at entry 2.',
    ],
    [
      withItems({ ...numbers, values: new Float32Array(14).fill(NaN, 5, 6) }),
      'items.numbers.features.values must be finite; row 2, column 1 is NaN.',
    ],
    [
      withItems({ ...numbers, kind: 'vectors', values: new Float32Array(13) }),
      'items.vectors.features.values must have 14 entries; got 13.',
    ],
    [withItems(category, category), 'items.category.genre is given twice; give each field a name of its own.'],
    [
      withItems(numbers, { ...numbers, name: 'more' }),
      'items has several fields of numbers; put their columns into one.',
    ],
  ])('inputs: %#', (inputs, message) => {
    expect(() => toyModel({}, inputs)).toThrow(new TowerInputError('', message));
  });

  it.each<[Partial<UserBatch>, string]>([
    [{ users: Int32Array.of(0, 1, 2, 5) }, 'users[3] must be from -1 to 4; got 5.'],
    [{ historyItems: Int32Array.of(1, 2, 1, 5, 6, 7) }, 'historyItems[5] must be from 0 to 6; got 7.'],
    [{ historyOffsets: Int32Array.of(0, 6) }, 'historyOffsets must have 5 entries; got 2.'],
    [
      { historyOffsets: Int32Array.of(0, 4, 4, 5, 6) },
      'The history of batch entry 0 has 4 items; pass the newest 3 at most.',
    ],
    [{ context: [Int32Array.of(0, 0, 0, 0)] }, 'context must have 2 entries; got 1.'],
    [
      { context: [Int32Array.of(0, 0, 0, 0), Int32Array.of(0, 0, 3, 0)] },
      'context.weekday[2] must be from -1 to 2; got 3.',
    ],
    [{ features: new Float32Array(3) }, 'features must have 12 entries; got 3.'],
    [{ features: new Float32Array(12).fill(Infinity, 4, 5) }, 'features must be finite; row 1, column 1 is Infinity.'],
  ])('batches: %#', (part, message) => {
    expect(() => toyModel().encodeUsers({ ...toyBatch(), ...part })).toThrow(new TowerInputError('', message));
  });

  it('features of a batch where the model has none', () => {
    const model = toyModel({}, { users: { count: 5 }, items: { count: 7 } });
    expect(() => model.encodeUsers({ ...toyBatch(), features: new Float32Array(4) })).toThrow(
      'The model was built without user features; leave them out of the batch.',
    );
  });

  it('rows that are no items', () => {
    expect(() => toyModel().encodeItems(Int32Array.of(0, 7))).toThrow('items[1] must be from 0 to 6; got 7.');
  });
});
