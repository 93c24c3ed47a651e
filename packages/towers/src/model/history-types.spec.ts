import type { ModelConfig } from '@vector-recall/core-config';
import { RandomStream } from '@vector-recall/random';
import * as tf from '@tensorflow/tfjs';
import { selectBackend } from '../backend/select-backend';
import { TowerInputError } from '../errors';
import { backendCases } from '../testing/backend-cases';
import { slopeRatios } from '../testing/slope-ratios';
import { infoNce, toyBatch, toyConfig, toyInputs, toyItems, toyModel, typedInputs } from '../testing/toy-world';
import { TwoTowerModel } from './two-tower-model';
import type { UserBatch } from './types';

const encoders: readonly ModelConfig['historyEncoder'][] = ['mean', 'recency', 'transformer'];

const typesOf = (model: TwoTowerModel) => model.parameters.get('user.history.types');

/** Two histories, the first of which is read up to three places. */
function sequences(): UserBatch {
  return {
    users: Int32Array.of(0, 0, 0, 3),
    historyOffsets: Int32Array.of(0, 3, 5),
    historyItems: Int32Array.of(1, 2, 1, 5, 6),
    historyTypes: Int32Array.of(0, 2, -1, 1, 0),
    sequences: { of: Int32Array.of(0, 0, 0, 1), lengths: Int32Array.of(1, 2, 3, 2) },
  };
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a).toHaveLength(b.length);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

for (const { name: backend, available } of backendCases) {
  (available ? describe : describe.skip)(`types of events in histories on ${backend}`, () => {
    beforeAll(async () => {
      await selectBackend(backend);
    });

    describe.each(encoders)('with the encoder %s', (historyEncoder) => {
      it('tell the loss how it changes along each parameter', () => {
        const model = toyModel({ historyEncoder }, typedInputs());
        for (const { name, ratio } of slopeRatios(model, toyBatch(model.inputs))) {
          expect({ name, ratio }).toEqual({ name, ratio: expect.closeTo(1, 1) as number });
        }
      });

      it('change nothing before they are trained', () => {
        const fresh = (inputs: typeof toyInputs) =>
          new TwoTowerModel({ ...toyConfig, historyEncoder, halfLives: [] }, inputs(), new RandomStream(5));
        const [typed, untyped] = [fresh(typedInputs), fresh(toyInputs)];
        expect([...typed.parameters.keys()].filter((name) => !untyped.parameters.has(name))).toEqual([
          'user.history.types',
        ]);
        const [a, b] = [typed, untyped].map((model) => model.encodeUsers(toyBatch(model.inputs)));
        expect(largestDifference(a, b)).toBeLessThan(1e-6);
      });

      it('are neutral where they are unknown', () => {
        const model = toyModel({ historyEncoder }, typedInputs());
        const batch = toyBatch(model.inputs);
        const known = model.encodeUsers(batch);
        const none = model.encodeUsers({ ...batch, historyTypes: undefined });
        const unknown = model.encodeUsers({ ...batch, historyTypes: batch.historyTypes?.map(() => -1) });
        expect([...unknown]).toEqual([...none]);
        expect(largestDifference(known, none)).toBeGreaterThan(0.01);
        typesOf(model)?.values.fill(0);
        expect([...model.encodeUsers(batch)]).toEqual([...none]);
      });

      it('leave no tensor behind, and take a step without them', () => {
        const model = toyModel({ historyEncoder, historyDropout: 0.3 }, typedInputs());
        const batch = toyBatch(model.inputs);
        const before = tf.memory().numTensors;
        for (const each of [batch, { ...batch, historyTypes: undefined }]) {
          model.computeGradients(each, toyItems(), infoNce, new RandomStream(1));
          model.encodeUsers(each);
        }
        expect(tf.memory().numTensors).toBe(before);
      });
    });

    it('are trained at every place of a sequence', () => {
      const { users, items } = typedInputs();
      const inputs = { users: { ...users, context: undefined }, items };
      const model = toyModel({ historyEncoder: 'transformer' }, inputs);
      const ratios = slopeRatios(model, sequences());
      const { ratio } = ratios.find(({ name }) => name === 'user.history.types') ?? { ratio: NaN };
      expect(ratio).toBeCloseTo(1, 1);
    });
  });
}

const available = backendCases.filter((backend) => backend.available);

(available.length > 1 ? it : it.skip).each(encoders)('types have one gradient on all backends: %s', async (encoder) => {
  const gradients: number[][] = [];
  for (const { name } of available) {
    await selectBackend(name);
    const model = toyModel({ historyEncoder: encoder, historyDropout: 0.2 }, typedInputs());
    const random = new RandomStream(1, 'dropout');
    const { tables } = model.computeGradients(toyBatch(model.inputs), toyItems(), infoNce, random).gradients;
    gradients.push([...(tables.get('user.history.types')?.values ?? [])]);
  }
  expect(gradients[0].length).toBeGreaterThan(0);
  expect(largestDifference(gradients[0], gradients[1])).toBeLessThan(1e-3);
});

it.each<[Int32Array, string]>([
  [Int32Array.of(0), 'historyTypes must have 6 entries; got 1.'],
  [Int32Array.of(0, 1, 2, 3, 0, 0), 'historyTypes[3] must be from -1 to 2; got 3.'],
])('refuses types that do not fit: %#', (historyTypes, message) => {
  const model = toyModel({}, typedInputs());
  expect(() => model.encodeUsers({ ...toyBatch(), historyTypes })).toThrow(new TowerInputError('', message));
});

it('refuses types where the model was built without', () => {
  const batch = { ...toyBatch(), historyTypes: new Int32Array(6) };
  expect(() => toyModel().encodeUsers(batch)).toThrow('The model was built without types of events');
});
