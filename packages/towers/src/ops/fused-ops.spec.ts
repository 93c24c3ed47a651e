import * as tf from '@tensorflow/tfjs';
import { RandomStream } from '@vector-recall/random';
import { selectBackend } from '../backend/select-backend';
import { hostKernels } from '../native/host-kernels';
import { backendCases } from '../testing/backend-cases';
import { blockOf, blockShapes } from '../testing/block-weights';
import { randomTensor } from '../testing/finite-differences';
import { contrastiveLoss } from './contrastive-loss';
import { reluOfConstant } from './dense';
import { normalizeAndDrop } from './hidden-layer';
import { l2Normalize } from './l2-normalize';
import { hasFusedOps, runNativeMultiple } from './native-op';
import { normalRows } from './normal-rows';
import { poolLoss } from './pool-loss';
import { sequenceRows } from './sequence-rows';
import { sumToUnitRows } from './sum-to-unit-rows';
import { transformerBlock } from './transformer-block';

type Matrix = tf.Tensor2D;

/** Widths and heights on both sides of a vector of the processor, and enough rows that threads share the work. */
const shapes: readonly [number, number][] = [
  [1, 2],
  [3, 15],
  [40, 16],
  [333, 130],
  [900, 1000],
];

/** Value and gradients of an op, all in one row of numbers. */
function valuesOf(op: (...inputs: Matrix[]) => tf.Tensor, inputs: readonly Matrix[]): number[] {
  return tf.tidy(() => {
    const { value, grads } = tf.valueAndGrads((...values: tf.Tensor[]) =>
      tf.sum<tf.Scalar>(tf.mul(op(...(values as Matrix[])), 0.5)),
    )([...inputs]);
    return [value, ...grads].flatMap((tensor) => Array.from(tensor.dataSync()));
  });
}

const ops = {
  contrastiveLoss: ([batch, columns]: [number, number], random: RandomStream) => {
    const labels = Int32Array.from({ length: batch }, () => random.integer(columns));
    const items = Int32Array.from({ length: columns }, () => random.integer(columns));
    const bias = Float32Array.from({ length: columns }, () => random.normal());
    return (scores: Matrix) => contrastiveLoss(tf.mul(scores, 5), { labels, items, bias });
  },
  normalizeAndDrop: ([rows, columns]: [number, number], random: RandomStream) => {
    const mask = Float32Array.from({ length: rows * columns }, () => random.integer(2));
    const ofColumn = [0, 1].map(() => Float32Array.from({ length: columns }, () => random.normal()));
    return (x: Matrix) => {
      const [gamma, beta] = ofColumn.map((values) => tf.tensor1d(values));
      // Squared, so that the gradient of the input is not zero.
      return tf.square(normalizeAndDrop(x, gamma, beta, tf.tensor2d(mask, [rows, columns]), () => undefined));
    };
  },
  l2Normalize: () => (x: Matrix) => tf.square(tf.sub(l2Normalize(x), 1)),
};

/** Sequences of 1 to 70 places, so many that threads share them; widths of heads on both sides of a vector. */
const blocks = [
  { dim: 64, heads: 2, lengths: [1, 70, 33, 17, 16, 2] },
  { dim: 36, heads: 3, lengths: [5] },
  { dim: 16, heads: 1, lengths: Array.from({ length: 90 }, (_, i) => 1 + (i % 4)) },
];

const sequenceOps = {
  transformerBlock: ({ dim, heads, lengths }: (typeof blocks)[number], random: RandomStream) => {
    const offsets = Int32Array.from([0, ...lengths.map((_, i) => lengths.slice(0, i + 1).reduce((a, b) => a + b))]);
    const rows = offsets[lengths.length];
    const [shape, ...shapes] = blockShapes(rows, dim, heads, 80);
    const weights = shapes.map((each) => tf.mul(randomTensor(each, random), 1 / Math.sqrt(dim)));
    const entries = Int32Array.from(offsets, (offset, s) => offset - s);
    const mask = Float32Array.from({ length: rows * dim }, () => random.integer(2));
    const dropout = () => ({ mask: tf.tensor2d(mask, [rows, dim]), share: 0.5 });
    const ofEntries = Float32Array.from(mask.subarray(0, (rows - lengths.length) * dim));
    return {
      inputs: [randomTensor(shape, random), randomTensor([rows - lengths.length, dim], random), ...weights],
      op: ([x, items, ...values]: tf.Tensor[]) => {
        const read = sequenceRows(items as Matrix, tf.ones([1, dim]), entries, 2, {
          mask: tf.tensor2d(ofEntries, [rows - lengths.length, dim]),
          share: 0.5,
        });
        const dropouts = { attended: dropout(), inner: dropout(), outer: dropout() };
        const z = transformerBlock(tf.add(x, read), offsets, blockOf(values), dropouts);
        const normal = normalRows(
          z,
          Int32Array.from({ length: rows }, (_, i) => rows - 1 - i),
          tf.ones([dim]),
        );
        return tf.square(tf.add(normal, tf.range(0, dim)));
      },
    };
  },
  poolLoss: ({ dim, lengths }: (typeof blocks)[number], random: RandomStream) => {
    const batch = 20 * lengths.length;
    const items = Int32Array.from({ length: batch + 133 }, () => random.integer(400));
    const bias = Float32Array.from({ length: 133 }, () => random.normal());
    return {
      inputs: [randomTensor([batch, dim], random), randomTensor([batch + 133, dim], random)],
      op: ([users, vectors]: tf.Tensor[]) => tf.mul(poolLoss(users as Matrix, vectors as Matrix, { items, bias }), 100),
    };
  },
  sumToUnitRows: ({ dim, lengths }: (typeof blocks)[number], random: RandomStream) => {
    const rows = 30 * lengths.length;
    const x = randomTensor<tf.Rank.R2>([rows, 5], random);
    return {
      inputs: [randomTensor([rows, 3 * dim], random), randomTensor([5, dim], random), randomTensor([dim], random)],
      op: ([wide, weight, bias]: tf.Tensor[]) => {
        const layer = reluOfConstant(tf.clone(x), weight as Matrix, bias as tf.Tensor1D);
        return tf.square(tf.sub(sumToUnitRows([wide as Matrix, layer], dim), 1));
      },
    };
  },
};

const native = backendCases.every(({ available }) => available) && hostKernels() !== undefined;

(native ? describe : describe.skip)('the fused ops', () => {
  it.each(Object.entries(ops).flatMap(([name, make]) => shapes.map((shape) => ({ name, make, shape }))))(
    'give what $name is elsewhere, $shape',
    async ({ make, shape }) => {
      const results: number[][] = [];
      for (const backend of ['native', 'wasm'] as const) {
        await selectBackend(backend);
        expect(hasFusedOps()).toBe(backend === 'native');
        const random = new RandomStream(4, 'fused ops');
        const x = randomTensor<tf.Rank.R2>(shape, random);
        results.push(valuesOf(make(shape, random), [x]));
        x.dispose();
      }
      const [fused, portable] = results;
      const worst = portable.reduce((most, value, i) => Math.max(most, Math.abs(fused[i] - value) / (1 + Math.abs(value))), 0); // prettier-ignore
      expect(worst).toBeLessThan(2e-4);
    },
  );

  it.each(Object.entries(sequenceOps).flatMap(([name, make]) => blocks.map((block) => ({ name, make, block }))))(
    'give what $name is elsewhere, $block.dim wide',
    async ({ make, block }) => {
      const results: number[][] = [];
      for (const backend of ['native', 'wasm'] as const) {
        await selectBackend(backend);
        tf.engine().startScope();
        const { inputs, op } = make(block, new RandomStream(5, 'fused ops'));
        results.push(valuesOf((...values) => op(values), inputs as Matrix[]));
        tf.engine().endScope();
      }
      const [fused, portable] = results;
      expect(fused).toHaveLength(portable.length);
      const largest = portable.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const worst = portable.reduce((most, value, i) => Math.max(most, Math.abs(fused[i] - value) / (1e-3 * largest + Math.abs(value))), 0); // prettier-ignore
      expect(worst).toBeLessThan(2e-2);
    },
  );

  it('refuse sequences that do not fit their rows', async () => {
    await selectBackend('native');
    tf.tidy(() => {
      const weights = blockOf(
        blockShapes(4, 4, 2, 3)
          .slice(1)
          .map((shape) => tf.zeros(shape)),
      );
      const block = (offsets: number[]) => transformerBlock(tf.zeros([4, 4]), Int32Array.from(offsets), weights);
      expect(() => block([0, 5])).toThrow('Offsets do not cut the rows.');
      expect(() => block([0, 3, 2, 4])).toThrow('Offsets do not cut the rows.');
      expect(() => block([0, 4])).toThrow('A sequence is longer than there are ages.');
      expect(() => normalRows(tf.zeros([4, 4]), Int32Array.of(4), tf.ones([4]))).toThrow(
        'A row is outside of its matrix.',
      );
    });
  });

  it('refuse inputs that do not fit each other', async () => {
    await selectBackend('native');
    tf.tidy(() => {
      const scores = tf.zeros([2, 3]);
      const none = [tf.tensor1d([], 'float32'), tf.tensor1d([], 'int32')];
      const weights = tf.ones([2]);
      const loss = (labels: number[], bias: tf.Tensor) =>
        runNativeMultiple(
          'VectorRecallSoftmaxLoss',
          [],
          [scores, tf.tensor1d(labels, 'int32'), bias, none[1], weights],
          2,
        );
      expect(() => loss([0, 3], none[0])).toThrow('A label is no column.');
      expect(() => loss([0, -1], none[0])).toThrow('A label is no column.');
      expect(() => loss([0], none[0])).toThrow('An input has another shape.');
      expect(() => loss([0, 1], tf.zeros([4]))).toThrow('An input has another shape.');
      expect(() => runNativeMultiple('VectorRecallUnitRows', [], [tf.scalar(1), tf.scalar(1)], 2)).toThrow(
        'An input is no matrix, or an empty one.',
      );
    });
  });
});
