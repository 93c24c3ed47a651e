import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configSchema, type VectorRecallConfig } from '@vector-recall/core-config';
import { type ManifestProtocol, ModelStore } from '@vector-recall/model-store';
import { selectBackend } from '@vector-recall/towers';
import type { TrainingEvent } from '../observer';
import { runTraining } from '../pipeline/run-training';

let output: string;
beforeEach(async () => {
  output = await mkdtemp(join(tmpdir(), 'promotion-spec-'));
});
afterEach(async () => {
  await rm(output, { recursive: true, force: true });
});

describe('the promotion gate', () => {
  beforeAll(async () => {
    await selectBackend('auto');
  });

  const config = (promote: string, training: object = {}): VectorRecallConfig =>
    configSchema.parse({
      data: { numUsers: 120, numItems: 400, numInteractions: 3000 },
      model: { embeddingDim: 16, idDim: 8, categoryDim: 4, tagDim: 4, featureDim: 8, historyDim: 8, hiddenDims: [16] },
      training: { epochs: 1, batchSize: 128, seed: 7, ...training },
      runtime: { output, skipBenchmark: true, promote },
    });
  /** Nothing is learned at this rate: the model ranks by chance. */
  const unlearned = { learningRate: 1e-9 };
  const learned = { learningRate: 0.01, epochs: 6 };
  const current = () => new ModelStore(output).currentVersion();

  it('auto promotes into an empty store, and then only what popularity and item-kNN do not beat', async () => {
    const first = await runTraining(config('auto', unlearned));
    expect(first.promotion).toEqual({ policy: 'auto', promoted: true, reason: 'the store had no current version' });

    const notices: string[] = [];
    const notify = (event: TrainingEvent): void => {
      if (event.type === 'notice') notices.push(event.message);
    };
    const second = await runTraining(config('auto', unlearned), { observer: { notify } });
    const { validation = {}, reason, promoted } = second.promotion;
    expect(promoted).toBe(false);
    expect(validation.model).toBe(second.training.epochs[0].validationHitRate100);
    expect(validation.model).toBeLessThan(validation.popularity);
    expect(reason).toContain(`its validation HitRate@100 of ${validation.model.toFixed(4)} is below`);
    expect(Object.keys(validation)).toEqual(['model', 'popularity', 'itemKnn']);
    expect(reason).toContain(`popularity's ${validation.popularity.toFixed(4)}`);
    expect(notices).toContain(
      `Version ${second.artifact.version} was published but not promoted because ${reason}; ` +
        `to promote it anyway, run: vector-recall models promote ${second.artifact.version} --output ${output}`,
    );
    expect(await current()).toBe(first.artifact.version);
    expect(await readdir(join(output, 'versions'))).toContain(second.artifact.version);
  });

  it('always and never ask no yardstick', async () => {
    const first = await runTraining(config('never', unlearned));
    expect([first.promotion.promoted, await current()]).toEqual([false, undefined]);
    const second = await runTraining(config('always', unlearned));
    expect([second.promotion.promoted, await current()]).toEqual([true, second.artifact.version]);
  });

  it('if-better promotes only what is reliably better than the current version on the same users', async () => {
    const first = await runTraining(config('if-better', unlearned));
    expect(first.promotion.promoted).toBe(true);

    const better = await runTraining(config('if-better', learned));
    expect(better.promotion).toMatchObject({ promoted: true, comparison: { version: first.artifact.version } });
    const { comparison } = better.promotion;
    expect(comparison?.candidate).toBeCloseTo(better.evaluation.model['hitRate@100'], 10);
    expect(comparison?.current).toBeCloseTo(first.evaluation.model['hitRate@100'], 10);
    expect(comparison?.interval[0]).toBeGreaterThan(0);

    const same = await runTraining(config('if-better', learned));
    expect(same.promotion).toMatchObject({ promoted: false, comparison: { difference: 0, interval: [0, 0] } });
    expect(same.promotion.reason).toContain('is not reliably above');
    expect(await current()).toBe(better.artifact.version);
  });

  it('publishes a model all the same where the current version is damaged', async () => {
    const first = await runTraining(config('auto', unlearned));
    await writeFile(join(first.artifact.path, 'towers.safetensors'), 'damaged');
    const { promotion, artifact } = await runTraining(config('if-better', learned));
    expect(promotion.promoted).toBe(false);
    expect(promotion.reason).toContain(`it could not be compared with the current version ${first.artifact.version} (`);
    expect(await readdir(join(output, 'versions'))).toContain(artifact.version);
  });

  it('stores what the metrics were measured on: equal for the same data and split alone', async () => {
    const protocolOf = async (changes: object): Promise<ManifestProtocol | undefined> => {
      const { artifact } = await runTraining(config('always', { ...unlearned, ...changes }));
      return (await new ModelStore(output).open(artifact.version)).manifest.protocol;
    };
    const protocol = await protocolOf({});
    expect(protocol).toMatchObject({ split: 'leave-last-out' });
    expect(await protocolOf({ batchSize: 64 })).toEqual(protocol);
    const random = await protocolOf({ split: 'random-80-20' });
    expect(random).toMatchObject({ split: 'random-80-20', data: protocol?.data });
    expect(random).not.toEqual(protocol);
    expect(await protocolOf({ seed: 8 })).not.toMatchObject({ data: protocol?.data });
  });
});
