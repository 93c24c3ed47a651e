import type { TrainingConfig } from '@vector-recall/core-config';
import { RandomStream } from '@vector-recall/random';
import { hostKernels, TwoTowerModel } from '@vector-recall/towers';
import { describeBackends } from '../testing/backends';
import { toyInputs, toyModelConfig, toySplit, toyTrainingConfig } from '../testing/toy-world';
import { Trainer } from './trainer';

const split = toySplit();

/** A softmax over a pool is what native ops multiply for. */
async function train(precision: TrainingConfig['precision']) {
  const config = { ...toyModelConfig, trunk: 'sum' as const };
  const model = new TwoTowerModel(config, toyInputs, new RandomStream(1, 'weights'));
  const trainer = new Trainer(model, split, toyTrainingConfig({ negatives: 'pool', precision }));
  const { epochs } = await trainer.train();
  return {
    precision: trainer.precision,
    loss: epochs[epochs.length - 1].trainLoss,
    weights: [...model.parameters.values()].map(({ values }) => values),
  };
}

describeBackends('The precision of a training', (backend) => {
  const rounds = backend === 'native' && hostKernels()?.hasBfloat16Products() === true;

  (rounds ? it : it.skip)('gives one result each, whatever was trained before, and about the same loss', async () => {
    const plain = await train('float32');
    const rounded = await train('bfloat16');
    expect(await train('float32')).toEqual(plain);
    expect(await train('bfloat16')).toEqual(rounded);
    expect(rounded.weights).not.toEqual(plain.weights);
    expect(Math.abs(rounded.loss - plain.loss)).toBeLessThan(0.01 * plain.loss);
  });

  (rounds ? it : it.skip)('is kept when two take turns in one process', async () => {
    const alone = [await train('float32'), await train('bfloat16')];
    expect(await Promise.all([train('float32'), train('bfloat16')])).toEqual(alone);
  });

  (rounds ? it.skip : it)('is float32 where nothing else can be had, and another is refused', async () => {
    expect((await train('auto')).precision).toBe('float32');
    await expect(train('bfloat16')).rejects.toMatchObject({ code: 'TOWERS_PRECISION_UNAVAILABLE' });
  });
});
