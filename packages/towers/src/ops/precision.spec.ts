import * as tf from '@tensorflow/tfjs';
import { RandomStream } from '@vector-recall/random';
import { selectBackend } from '../backend/select-backend';
import { hostKernels } from '../native/host-kernels';
import { backendCases } from '../testing/backend-cases';
import { blockOf, blockShapes } from '../testing/block-weights';
import { randomTensor } from '../testing/finite-differences';
import { reluOfConstant } from './dense';
import { poolLoss } from './pool-loss';
import { type Precision, withPrecision } from './precision';
import { transformerBlock } from './transformer-block';

const native = backendCases.some(({ name, available }) => name === 'native' && available);
const applies = native && hostKernels()?.hasBfloat16Products() === true;

/** Each op on inputs of its own, with more rows than one thread is given. */
const ops = {
  poolLoss: (random: RandomStream) => {
    const items = Int32Array.from({ length: 300 + 130 }, () => random.integer(400));
    return {
      inputs: [randomTensor([300, 33], random), randomTensor([430, 33], random)],
      op: ([users, vectors]: tf.Tensor[]) => poolLoss(users as tf.Tensor2D, vectors as tf.Tensor2D, { items }),
    };
  },
  reluOfConstant: (random: RandomStream) => {
    const x = randomTensor<tf.Rank.R2>([900, 65], random);
    return {
      inputs: [randomTensor([65, 40], random), randomTensor([40], random)],
      op: ([weight, bias]: tf.Tensor[]) => reluOfConstant(tf.clone(x), weight as tf.Tensor2D, bias as tf.Tensor1D),
    };
  },
  transformerBlock: (random: RandomStream) => {
    const offsets = Int32Array.from({ length: 41 }, (_, s) => 9 * s);
    const [shape, ...shapes] = blockShapes(360, 32, 2, 9);
    return {
      inputs: [
        randomTensor(shape, random),
        ...shapes.map((each) => tf.mul(randomTensor(each, random), 1 / Math.sqrt(32))),
      ],
      op: ([x, ...weights]: tf.Tensor[]) => transformerBlock(x as tf.Tensor2D, offsets, blockOf(weights)),
    };
  },
};

type Case = ReturnType<(typeof ops)[keyof typeof ops]>;

/** The gradients of an op, each in one row of numbers. */
function gradientsOf({ op, inputs }: Case): Float32Array[] {
  return tf.tidy(() => {
    const loss = (...values: tf.Tensor[]) => tf.sum<tf.Scalar>(tf.square(op(values)));
    return tf
      .valueAndGrads(loss)(inputs)
      .grads.map((gradient) => gradient.dataSync<'float32'>());
  });
}

/** How far b is from a, as a share of the length of a. */
function distance(a: Float32Array, b: Float32Array): number {
  return Math.hypot(...a.map((value, i) => value - b[i])) / Math.hypot(...a);
}

(applies ? describe : describe.skip)('withPrecision', () => {
  beforeAll(async () => {
    await selectBackend('native');
  });

  beforeEach(() => {
    tf.engine().startScope();
  });

  afterEach(() => {
    tf.engine().endScope();
  });

  it.each(Object.entries(ops))('rounds what %s multiplies, in both directions, and nothing outside', (_name, make) => {
    const given = make(new RandomStream(6, 'precision'));
    const run = (precision: Precision) => withPrecision(precision, () => gradientsOf(given));
    const plain = gradientsOf(given);
    const rounded = run('bfloat16');
    expect(run('float32')).toEqual(plain);
    expect(run('bfloat16')).toEqual(rounded);
    expect(gradientsOf(given)).toEqual(plain);
    const distances = plain.map((gradient, i) => distance(gradient, rounded[i]));
    // A factor is off by up to 2^-9 of itself, and the gradients of a block come through up to a dozen products. What a
    // single product is off by is checked in products_test.cc.
    expect(Math.max(...distances)).toBeLessThan(16 * 2 ** -9);
    expect(Math.max(...distances)).toBeGreaterThan(2 ** -12);
  });

  it('ends with what it runs, however that ends', () => {
    const given = ops.poolLoss(new RandomStream(6, 'precision'));
    const plain = gradientsOf(given);
    const failing = (): never => {
      throw new Error('broken');
    };
    expect(() => withPrecision('bfloat16', failing)).toThrow('broken');
    expect(gradientsOf(given)).toEqual(plain);
    const nested = withPrecision('bfloat16', () => {
      withPrecision('float32', () => undefined);
      return gradientsOf(given);
    });
    expect(nested).not.toEqual(plain);
  });
});
