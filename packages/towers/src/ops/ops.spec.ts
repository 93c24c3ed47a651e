import * as tf from '@tensorflow/tfjs';
import { RandomStream } from '@vector-recall/random';
import { selectBackend } from '../backend/select-backend';
import { backendCases } from '../testing/backend-cases';
import { blockOf, blockShapes } from '../testing/block-weights';
import { gradientError, randomTensor } from '../testing/finite-differences';
import { addBias } from './add-bias';
import { ageBias } from './age-bias';
import { batchNorm, type Moments } from './batch-norm';
import { contrastiveLoss } from './contrastive-loss';
import { softmaxCrossEntropy } from './cross-entropy';
import { dense, denseOfConstant, reluOfConstant } from './dense';
import { normalizeAndDrop } from './hidden-layer';
import { l2Normalize } from './l2-normalize';
import { layerNorm } from './layer-norm';
import { normalRows } from './normal-rows';
import { poolLoss } from './pool-loss';
import { relu, reluDropout } from './relu';
import { pickRows, placeRows } from './rows';
import { batchedScores, pairwiseScores, rowwiseDot, weightedSum } from './scores';
import { sequenceRows } from './sequence-rows';
import { sumToUnitRows } from './sum-to-unit-rows';
import { transformerBlock } from './transformer-block';

type Op = (...inputs: never[]) => tf.Tensor;

/** Calls an op with tensors of the ranks that its case asked for. */
function apply(op: Op, inputs: readonly tf.Tensor[]): tf.Tensor {
  return op(...(inputs as never[]));
}

interface OpCase {
  readonly name: string;
  readonly shapes: readonly number[][];
  readonly op: Op;
}

const mask = () =>
  tf.tensor2d([
    [1, 0, 1],
    [1, 1, 0],
  ]);
/** Offsets that keep columns off the kink of a ReLU, two of three above it. */
const awayFromZero = () => tf.tensor1d(Float32Array.from({ length: 35 }, (_, i) => (i % 3 === 0 ? -9 : 9)));
const labels = () => tf.tensor1d([2, 0, 4], 'int32');
const constant = () => tf.tensor2d([1, -2, 3, 0.5, 0, 1], [3, 2]);

const cases: readonly OpCase[] = [
  { name: 'dense, without bias', shapes: [[3, 2], [2, 4]], op: (x: tf.Tensor2D, w: tf.Tensor2D) => dense(x, w) }, // prettier-ignore
  { name: 'dense, wide to narrow', shapes: [[3, 4], [4, 2], [2]], op: dense },
  {
    name: 'dense of a constant',
    shapes: [[2, 3], [3]],
    op: (w: tf.Tensor2D, b: tf.Tensor1D) => denseOfConstant(constant(), w, b),
  },
  {
    name: 'reluOfConstant',
    shapes: [[2, 35], [35]],
    op: (w: tf.Tensor2D, b: tf.Tensor1D) => reluOfConstant(constant(), w, tf.add(b, awayFromZero())),
  },
  { name: 'addBias', shapes: [[3, 4], [4]], op: addBias },
  { name: 'relu', shapes: [[3, 4]], op: relu },
  { name: 'reluDropout', shapes: [[2, 3]], op: (x: tf.Tensor2D) => reluDropout(x, mask()) },
  {
    name: 'batchNorm',
    shapes: [[5, 3], [3], [3]],
    op: (x: tf.Tensor2D, gamma: tf.Tensor1D, beta: tf.Tensor1D) => batchNorm(x, gamma, beta, () => undefined),
  },
  { name: 'l2Normalize', shapes: [[3, 4]], op: l2Normalize },
  { name: 'layerNorm', shapes: [[3, 4]], op: layerNorm },
  {
    name: 'normalizeAndDrop',
    shapes: [[5, 3], [3], [3]],
    op: (x: tf.Tensor2D, gamma: tf.Tensor1D, beta: tf.Tensor1D) =>
      normalizeAndDrop(
        x,
        gamma,
        beta,
        tf.tensor2d([1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 1], [5, 3]),
        () => undefined,
      ),
  },
  {
    name: 'normalizeAndDrop, nothing dropped, columns beyond a vector of the processor',
    shapes: [[21, 35], [35], [35]],
    op: (x: tf.Tensor2D, gamma: tf.Tensor1D, beta: tf.Tensor1D) =>
      normalizeAndDrop(x, gamma, tf.add(beta, awayFromZero()), undefined, () => undefined),
  },
  { name: 'softmaxCrossEntropy', shapes: [[3, 5]], op: (x: tf.Tensor2D) => softmaxCrossEntropy(x, labels()) },
  {
    name: 'softmaxCrossEntropy, weighted',
    shapes: [[3, 5]],
    op: (x: tf.Tensor2D) => softmaxCrossEntropy(x, labels(), tf.tensor1d([0.5, 2, 0])),
  },
  {
    name: 'contrastiveLoss',
    shapes: [[3, 5]],
    op: (x: tf.Tensor2D) => contrastiveLoss(x, { labels: Int32Array.of(2, 0, 4) }),
  },
  {
    name: 'contrastiveLoss, shared columns',
    shapes: [[2, 19]],
    op: (x: tf.Tensor2D) =>
      contrastiveLoss(x, {
        labels: Int32Array.of(0, 1),
        bias: Float32Array.from({ length: 19 }, (_, i) => Math.sin(i)),
        items: Int32Array.from({ length: 19 }, (_, i) => i % 7),
        weights: Float32Array.of(0.5, 2),
      }),
  },
  {
    name: 'contrastiveLoss, columns of each row',
    shapes: [[2, 3]],
    op: (x: tf.Tensor2D) =>
      contrastiveLoss(x, {
        labels: Int32Array.of(0, 0),
        bias: Float32Array.of(1, 2, 3, 4, 5, 6),
        items: Int32Array.of(7, 8, 7, 8, 9, 5),
      }),
  },
  { name: 'ageBias', shapes: [[2, 5]], op: (bias: tf.Tensor2D) => tf.relu(tf.add(ageBias(bias, 4), 1)) },
  { name: 'pickRows', shapes: [[5, 3]], op: (x: tf.Tensor2D) => pickRows(x, Int32Array.of(4, 0, 2)) },
  { name: 'placeRows', shapes: [[3, 2]], op: (x: tf.Tensor2D) => placeRows(x, Int32Array.of(4, 0, 2), 6) },
  {
    name: 'sequenceRows',
    shapes: [
      [3, 2],
      [1, 2],
    ],
    op: (x: tf.Tensor2D, start: tf.Tensor2D) =>
      sequenceRows(x, start, Int32Array.of(0, 2, 2, 3), 3, {
        mask: tf.tensor2d([1, 0, 1, 1, 0, 1], [3, 2]),
        share: 0.25,
      }),
  },
  {
    name: 'normalRows',
    shapes: [[4, 5], [5]],
    op: (x: tf.Tensor2D, scale: tf.Tensor1D) => normalRows(x, Int32Array.of(3, 0, 2), scale),
  },
  { name: 'sumToUnitRows', shapes: [[3, 4], [3, 2]], op: (a: tf.Tensor2D, b: tf.Tensor2D) => sumToUnitRows([a, b], 2) }, // prettier-ignore
  {
    name: 'poolLoss',
    shapes: [
      [3, 4],
      [8, 4],
    ],
    op: (users: tf.Tensor2D, items: tf.Tensor2D) =>
      poolLoss(users, items, {
        items: Int32Array.of(7, 8, 9, 7, 5, 9, 7, 4),
        bias: Float32Array.of(1, -2, 0, 0.5, 1),
        weights: Float32Array.of(0.5, 2, 1),
      }),
  },
  {
    name: 'transformerBlock',
    shapes: blockShapes(6, 6, 2, 5),
    op: (x: tf.Tensor2D, ...tensors: tf.Tensor[]) => {
      const weights = blockOf(tensors);
      const innerBias: tf.Tensor1D = tf.add(weights.innerBias, tf.tensor1d([30, -30, 30, 30, -30, 30]));
      const kept = Float32Array.from({ length: 36 }, (_, i) => (i % 5 === 0 ? 0 : 1));
      const half = { mask: tf.tensor2d(kept, [6, 6]), share: 0.5 };
      const dropout = { attended: half, inner: half, outer: half };
      return transformerBlock(x, Int32Array.of(0, 1, 5, 6), { ...weights, innerBias }, dropout);
    },
  },
  { name: 'pairwiseScores', shapes: [[2, 3], [4, 3]], op: pairwiseScores }, // prettier-ignore
  { name: 'rowwiseDot', shapes: [[3, 4], [3, 4]], op: rowwiseDot }, // prettier-ignore
  { name: 'batchedScores', shapes: [[2, 3], [2, 4, 3]], op: batchedScores }, // prettier-ignore
  { name: 'weightedSum', shapes: [[2, 4], [2, 4, 3]], op: weightedSum }, // prettier-ignore
];

for (const { name: backend, available } of backendCases) {
  (available ? describe : describe.skip)(`on ${backend}`, () => {
    beforeAll(async () => {
      await selectBackend(backend);
    });
    beforeEach(() => {
      tf.engine().startScope();
    });
    afterEach(() => {
      tf.engine().endScope();
    });

    it.each(cases)('the gradient of $name is that of finite differences', ({ shapes, op }) => {
      const random = new RandomStream(7, 'ops');
      const inputs = shapes.map((shape) => randomTensor(shape, random));
      const error = gradientError((values) => apply(op, values), inputs, random); // prettier-ignore
      expect(error).toBeLessThan(5e-3);
    });

    it('dense multiplies and adds', () => {
      const y = dense(tf.tensor2d([[1, 2]]), tf.tensor2d([[3, 4], [5, 6]]), tf.tensor1d([10, 20])); // prettier-ignore
      expect([...y.dataSync()]).toEqual([23, 36]);
    });

    it('reluDropout keeps positive entries where the mask is one and scales nothing', () => {
      const y = reluDropout(tf.tensor2d([[3, 3, -3], [-3, 3, 3]]), mask()); // prettier-ignore
      expect([...y.dataSync()]).toEqual([3, 0, 0, 0, 3, 0]);
    });

    it('batchNorm gives columns of the asked mean and spread, and the moments of the batch', () => {
      let moments: Moments | undefined;
      const x = tf.tensor2d([[1, 10], [3, 10], [5, 40]]); // prettier-ignore
      const y = batchNorm(x, tf.tensor1d([1, 2]), tf.tensor1d([0, 5]), (batch) => {
        moments = batch;
      });
      // Column one: mean 3, variance 8/3 (biased) and 4 (unbiased); its first entry is -2/√(8/3).
      const values = y.dataSync();
      expect(values[0]).toBeCloseTo(-2 / Math.sqrt(8 / 3), 4);
      // Column two: mean 20, deviations -10, -10, 20, biased variance 200.
      expect(values[5]).toBeCloseTo(5 + (2 * 20) / Math.sqrt(200), 4);
      expect([...(moments?.mean ?? [])]).toEqual([3, 20]);
      expect(moments?.variance[0]).toBeCloseTo(4, 4);
      expect(moments?.variance[1]).toBeCloseTo(300, 2);
    });

    it('l2Normalize keeps directions and leaves a zero vector at zero', () => {
      const y = l2Normalize(tf.tensor2d([[3, 4], [0, 0]])).dataSync(); // prettier-ignore
      expect(y[0]).toBeCloseTo(0.6, 6);
      expect(y[1]).toBeCloseTo(0.8, 6);
      expect([y[2], y[3]]).toEqual([0, 0]);
    });

    it('normalizeAndDrop is batchNorm, then ReLU, without the dropped units', () => {
      const random = new RandomStream(3, 'hidden layer');
      const [x, gamma, beta] = [[2, 3], [3], [3]].map((shape) => randomTensor(shape, random));
      const moments: Moments[] = [];
      const args = [x as tf.Tensor2D, gamma as tf.Tensor1D, beta as tf.Tensor1D] as const;
      const y = normalizeAndDrop(...args, mask(), (batch) => moments.push(batch)).dataSync();
      const expected = reluDropout(
        batchNorm(...args, (batch) => moments.push(batch)),
        mask(),
      ).dataSync();
      expected.forEach((value, i) => {
        expect(y[i]).toBeCloseTo(value, 5);
      });
      moments[1].variance.forEach((value, i) => {
        expect(moments[0].mean[i]).toBeCloseTo(moments[1].mean[i], 5);
        expect(moments[0].variance[i]).toBeCloseTo(value, 5);
      });
    });

    it('softmaxCrossEntropy is -log of the label’s softmax, averaged, and survives large logits', () => {
      const loss = softmaxCrossEntropy(tf.tensor2d([[2, 4], [1000, -1000]]), tf.tensor1d([0, 0], 'int32')); // prettier-ignore
      // Row one: -log(e² / (e² + e⁴)) = log(1 + e²); row two: 0.
      expect(loss.dataSync()[0]).toBeCloseTo(Math.log(1 + Math.exp(2)) / 2, 5);
    });

    it('contrastiveLoss is that of the corrected scores, and survives large ones', () => {
      const scores = tf.tensor2d([[1, 2], [1000, -1000]]); // prettier-ignore
      const loss = contrastiveLoss(scores, { labels: Int32Array.of(0, 0), bias: Float32Array.of(1, 2) });
      // Row one: 2 and 4; row two: 0.
      expect(loss.dataSync()[0]).toBeCloseTo(Math.log(1 + Math.exp(2)) / 2, 5);
    });

    it('contrastiveLoss leaves the columns out that hold the label’s item, and counts each row by its weight', () => {
      const scores = tf.tensor2d([[1, 2, 9], [0, 0, 0]]); // prettier-ignore
      const columns = {
        labels: Int32Array.of(0, 1),
        items: Int32Array.of(5, 6, 5),
        weights: Float32Array.of(0.5, 3),
      };
      // Row one: log(1 + e) = 1.313262; row two: log 3.
      expect(contrastiveLoss(scores, columns).dataSync()[0]).toBeCloseTo((0.5 * 1.313262 + 3 * Math.log(3)) / 2, 5);
    });

    it('contrastiveLoss of a score that is not a number is none either', () => {
      const scores = tf.tensor2d(
        Float32Array.from({ length: 40 }, (_, i) => (i === 27 ? NaN : i / 40)),
        [2, 20],
      );
      expect(contrastiveLoss(scores, { labels: Int32Array.of(0, 1) }).dataSync()[0]).toBeNaN();
    });

    it('scores users against shared items and against items of their own alike', () => {
      const users = tf.tensor2d([[1, 2], [3, 4]]); // prettier-ignore
      const items = tf.tensor2d([[1, 0], [0, 1], [1, 1]]); // prettier-ignore
      const own = tf.stack([items, items]) as tf.Tensor3D;
      expect([...pairwiseScores(users, items).dataSync()]).toEqual([1, 2, 3, 3, 4, 7]);
      expect([...batchedScores(users, own).dataSync()]).toEqual([1, 2, 3, 3, 4, 7]);
      expect([...rowwiseDot(users, users).dataSync()]).toEqual([5, 25]);
      expect([...weightedSum(tf.tensor2d([[1, 2, 0], [0, 0, 3]]), own).dataSync()]).toEqual([1, 2, 3, 3]); // prettier-ignore
    });
  });
}
