import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configSchema, type VectorRecallConfig } from '@vector-recall/core-config';
import { artifactFiles, ModelStore, readCatalogue } from '@vector-recall/model-store';
import { RandomStream } from '@vector-recall/random';
import { resumeBase } from '../checkpoint/resume-base';
import { ContinuationError, TrainingInterruptedError } from '../errors';
import type { TrainingEvent } from '../observer';
import { runTraining } from '../pipeline/run-training';
import { describeBackends } from '../testing/backends';
import { continuationBase } from './continuation-base';

const USERS = 150;
const GROUPS = 4;

let folder: string;
let output: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'continue-spec-'));
  output = join(folder, 'store');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Events of users who each like one group of items, of which `items` exist: item i is of group i mod 4. */
function eventsOf(items: number, perUser: number, stream: string, firstTime: number): string[] {
  const random = new RandomStream(5, stream);
  return Array.from({ length: USERS * perUser }, (_, event) => {
    const user = event % USERS;
    const group = random.uniform() < 0.9 ? user % GROUPS : random.integer(GROUPS);
    return `u${user},i${group + GROUPS * random.integer(items / GROUPS)},${firstTime + event}`;
  });
}

/** Writes a folder of data and returns its source. */
async function writeData(events: readonly string[], items: number): Promise<string> {
  await writeFile(join(folder, 'log.csv'), ['user,item,time', ...events, ''].join('\n'));
  const rows = Array.from({ length: items }, (_, item) => `i${item},${'abcd'[item % GROUPS]}`);
  await writeFile(join(folder, 'items.csv'), ['id,group', ...rows, ''].join('\n'));
  await writeFile(
    join(folder, 'dataset.yaml'),
    'interactions: { file: log.csv, user: user, item: item, timestamp: time }\n' +
      'items: { file: items.csv, id: id, category: group }\n',
  );
  return `files:${folder}`;
}

describeBackends('a training that continues a version', (backend) => {
  const config = (source: string, training: object = {}, model: object = {}): VectorRecallConfig =>
    configSchema.parse({
      data: { source },
      model: { embeddingDim: 16, idDim: 8, categoryDim: 8, historyDim: 8, hiddenDims: [32], ...model },
      training: { epochs: 8, batchSize: 128, learningRate: 0.01, ...training },
      evaluation: { cutoffs: [10, 100] },
      runtime: { backend, output, skipBenchmark: true, promote: 'always' },
    });
  const dayOne = eventsOf(200, 10, 'day one', 0);
  /** All items of day one and 40 more. */
  const dayTwo = [...dayOne, ...eventsOf(240, 3, 'day two', 1_000_000)];

  it('starts where the version stopped, with the new items, and names its parent', async () => {
    const first = await runTraining(config(await writeData(dayOne, 200)));
    const source = await writeData(dayTwo, 240);
    const base = await continuationBase(output, 'current');
    expect(base.version).toBe(first.artifact.version);
    expect(base.config.training).toMatchObject({ epochs: 1, learningRate: 0.005, batchSize: 128 });

    const from = base.version;
    // Nothing is learned at this rate: what the model knows it has from the version.
    const unlearned = { epochs: 1, learningRate: 1e-9 };
    const continued = await runTraining(config(source, unlearned), { from });
    const fresh = await runTraining(config(source, unlearned));
    expect(continued.training).toMatchObject({ continuedFrom: from });
    expect(continued.training.epochs).toHaveLength(1);
    expect(continued.dataset).toMatchObject({ users: USERS, items: 240 });
    expect(continued.evaluation.model['hitRate@10']).toBeGreaterThan(2 * fresh.evaluation.model['hitRate@10']);

    const artifact = await new ModelStore(output).open(continued.artifact.version);
    expect(artifact.manifest.parents).toEqual([from]);
    expect((await readCatalogue(artifact)).itemIds.size).toBe(240);
    // A version that was continued has its short schedule already.
    const again = await continuationBase(output, continued.artifact.version);
    expect(again.config.training).toMatchObject(unlearned);
  });

  it('trains on new events behind the histories of a version as on the whole log', async () => {
    const source = await writeData(dayOne, 200);
    const { artifact } = await runTraining(config(source, { epochs: 1 }));
    const from = artifact.version;
    const options = config(await writeData(dayTwo, 240), { epochs: 1 });
    const whole = await runTraining(options, { from });
    await writeData(dayTwo.slice(dayOne.length), 240);
    const rest = await runTraining(options, { from, historyFrom: from });
    expect(rest.dataset).toMatchObject({ users: USERS, items: 240, interactions: dayTwo.length });
    expect(rest.dataset.notes).toContain(
      `${dayTwo.length - dayOne.length} new events follow the ${dayOne.length} in the histories of ${from}.`,
    );
    expect(rest.evaluation.model).toEqual(whole.evaluation.model);
    const { manifest } = await new ModelStore(output).open(rest.artifact.version);
    expect(manifest.parents).toEqual([from]);
  });

  it('has an item-item term where the version has one, at the same share', async () => {
    const source = await writeData(dayOne, 200);
    // What is not learned by the towers is left to the term.
    const unlearned = { epochs: 1, learningRate: 1e-9 };
    const first = await runTraining(config(source, unlearned, { itemItemDim: 8 }));
    expect(first.training.itemItemShare).toBeGreaterThan(0);
    expect(first.model.embeddingDim).toBe(24);
    await writeData(dayTwo, 240);
    const options = config(source, { ...unlearned, refit: true }, { itemItemDim: 8 });
    const continued = await runTraining(options, { from: first.artifact.version });
    expect(continued.training.itemItemShare).toBe(first.training.itemItemShare);
    const { manifest } = await new ModelStore(output).open(continued.artifact.version);
    expect(manifest.dims).toEqual({ embedding: 24 });

    const plain = await runTraining(config(source, unlearned));
    const still = await runTraining(options, { from: plain.artifact.version });
    expect(still.training.itemItemShare).toBeUndefined();
    expect(still.model.embeddingDim).toBe(16);
  });

  it('goes on for the whole schedule where the version has seen the validation events', async () => {
    const first = await runTraining(config(await writeData(dayOne, 200), { epochs: 2, refit: true }));
    const source = await writeData(dayTwo, 240);
    const options = config(source, { epochs: 3, refit: true });
    const { training } = await runTraining(options, { from: first.artifact.version });
    expect(training.epochs).toHaveLength(1);
    expect(training.refit?.epochs).toBe(3);
    expect(training.notes).toEqual([]);
  });

  it('gives the same weights for the same seed, also when it is interrupted and resumed by its name alone', async () => {
    const first = await runTraining(config(await writeData(dayOne, 200), { epochs: 2 }));
    const longer = config(await writeData(dayTwo, 240), { epochs: 3, refit: true });
    const from = first.artifact.version;
    const expected = await runTraining(longer, { from });

    const controller = new AbortController();
    const notify = (event: TrainingEvent): void => {
      if (event.type === 'step' && event.epoch === 2) controller.abort();
    };
    const error: unknown = await runTraining(longer, { from, observer: { notify }, signal: controller.signal }).catch(
      (reason: unknown) => reason,
    );
    if (!(error instanceof TrainingInterruptedError) || error.run === undefined) throw error;
    const base = await resumeBase(output, error.run);
    expect(base).toEqual({ config: longer, from });
    if (base === undefined) throw error;
    const resumed = await runTraining(base.config, { resume: error.run, from: base.from });
    const weights = ({ path }: { path: string }) => readFile(join(path, artifactFiles.towers));
    expect((await weights(resumed.artifact)).equals(await weights(expected.artifact))).toBe(true);
    // Without the version it is another run.
    await expect(runTraining(longer, { resume: error.run })).rejects.toThrow(
      `the version continued from was ${from} and is absent.`,
    );
  });

  it('refuses other shapes, other fields and other items by name, before it trains', async () => {
    const source = await writeData(dayOne, 200);
    const { artifact } = await runTraining(config(source, { epochs: 1 }));
    const from = artifact.version;
    const refusal = (given: VectorRecallConfig): Promise<unknown> =>
      runTraining(given, { from }).catch((reason: unknown) => reason);
    expect(await refusal(config(source, {}, { idDim: 12, historyEncoder: 'recency' }))).toEqual(
      new ContinuationError(
        "A training can't continue with options that change the shape of the stored model: model.idDim (8, now 12), " +
          'model.historyEncoder ("mean", now "recency"). ' +
          'Leave them as they were, or leave --from out to train a new model.',
      ),
    );
    await writeFile(
      join(folder, 'dataset.yaml'),
      'interactions: { file: log.csv, user: user, item: item, timestamp: time }',
    );
    expect(await refusal(config(source))).toEqual(
      new ContinuationError(
        'The stored model reads these item fields, which the data does not have: group (category). ' +
          'Bring them, or leave --from out to train a new model.',
      ),
    );
    const others = dayOne.map((event) => event.replace(',i', ',other'));
    await writeData(others, 200);
    await writeFile(join(folder, 'items.csv'), 'id,group\nother1,a\n');
    expect(String(await refusal(config(source)))).toContain(`has none of the items of ${from}`);
  });
});
