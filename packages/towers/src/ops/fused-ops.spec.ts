import * as tf from '@tensorflow/tfjs';
import { RandomStream } from '@vector-recall/random';
import { selectBackend } from '../backend/select-backend';
import { hostKernels } from '../native/host-kernels';
import { backendCases } from '../testing/backend-cases';
import { randomTensor } from '../testing/finite-differences';
import { contrastiveLoss } from './contrastive-loss';
import { normalizeAndDrop } from './hidden-layer';
import { l2Normalize } from './l2-normalize';
import { hasFusedOps, runNativeMultiple } from './native-op';

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
