import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configSchema, type VectorRecallConfig } from '@vector-recall/core-config';
import { hostKernels } from '@vector-recall/towers';
import type { TrainingEvent } from '../observer';
import { describeBackends } from '../testing/backends';
import { runTraining } from './run-training';

let output: string;
beforeEach(async () => {
  output = await mkdtemp(join(tmpdir(), 'precision-spec-'));
});
afterEach(async () => {
  await rm(output, { recursive: true, force: true });
});

describeBackends('The precision of a run', (backend) => {
  const rounds = backend === 'native' && hostKernels()?.hasBfloat16Products() === true;

  const config = (precision: string): VectorRecallConfig =>
    configSchema.parse({
      data: { numUsers: 120, numItems: 400, numInteractions: 3000 },
      model: { embeddingDim: 16, idDim: 8, categoryDim: 4, tagDim: 4, featureDim: 8, historyDim: 8, trunk: 'sum' },
      training: { epochs: 2, batchSize: 128, negatives: 'pool', sharedPoolSize: 64, precision },
      evaluation: { cutoffs: [10, 100] },
      runtime: { backend, output, skipBenchmark: true },
    });

  it('is told with what auto comes to', async () => {
    const { training } = await runTraining(config('auto'));
    expect(training.precision).toBe('float32');
  });

  (rounds ? it : it.skip)('is told in the command that reproduces a run', async () => {
    const { training, reproduction } = await runTraining(config('bfloat16'));
    expect(training.precision).toBe('bfloat16');
    expect(reproduction.command).toContain('--precision bfloat16');
  });

  (rounds ? it : it.skip)('is part of a run: another one does not resume it', async () => {
    const controller = new AbortController();
    const notify = (event: TrainingEvent): void => {
      if (event.type === 'step') controller.abort();
    };
    const broken = runTraining(config('float32'), { observer: { notify }, signal: controller.signal });
    await expect(broken).rejects.toMatchObject({ code: 'TRAINING_INTERRUPTED' });
    await expect(runTraining(config('bfloat16'), { resume: 'latest' })).rejects.toThrow('training.precision');
    const resumed = await runTraining(config('float32'), { resume: 'latest' });
    expect(resumed.training.precision).toBe('float32');
  });

  (rounds ? it.skip : it)('is refused before data are read where it cannot be had', async () => {
    const stages: string[] = [];
    const notify = (event: TrainingEvent): void => {
      if (event.type === 'stage-started') stages.push(event.stage);
    };
    const training = runTraining(config('bfloat16'), { observer: { notify } });
    await expect(training).rejects.toMatchObject({ code: 'TOWERS_PRECISION_UNAVAILABLE' });
    expect(stages).toEqual(['runtime']);
  });
});
