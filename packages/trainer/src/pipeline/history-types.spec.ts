import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configSchema, type VectorRecallConfig } from '@vector-recall/core-config';
import { artifactFiles, ModelStore, readCatalogue, readNpy } from '@vector-recall/model-store';
import { RandomStream } from '@vector-recall/random';
import { ServingUserTower } from '@vector-recall/towers/serving';
import { ContinuationError, TrainingInterruptedError } from '../errors';
import type { TrainingEvent } from '../observer';
import { describeBackends } from '../testing/backends';
import { evaluateArtifact } from './artifact-commands';
import { runTraining } from './run-training';
import { openStoredModel } from './stored-model';
import { towerInputs } from './tower-inputs';

const USERS = 120;
const GROUPS = 4;
const ITEMS = 80;

let folder: string;
let output: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'history-types-'));
  output = join(folder, 'store');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Users view items of any group, and what they like is that of the last one they bought. */
function eventsOf(types: readonly [view: string, buy: string]): string[] {
  const random = new RandomStream(5, 'typed log');
  return Array.from({ length: USERS }, (_, user) => {
    let liked = random.integer(GROUPS);
    return Array.from({ length: 14 }, (__, n) => {
      const buys = n % 4 === 3;
      const group = buys ? liked : random.integer(GROUPS);
      if (buys && random.uniform() < 0.2) liked = random.integer(GROUPS);
      return `u${user},i${group + GROUPS * random.integer(ITEMS / GROUPS)},${n},${types[Number(buys)]}`;
    });
  }).flat();
}

/** Writes a folder of data and returns its source. */
async function writeData(events: readonly string[], interactions = ', type: { column: type }'): Promise<string> {
  await writeFile(join(folder, 'log.csv'), ['user,item,time,type', ...events, ''].join('\n'));
  await writeFile(
    join(folder, 'dataset.yaml'),
    `interactions: { file: log.csv, user: user, item: item, timestamp: time${interactions} }\n`,
  );
  return `files:${folder}`;
}

describeBackends('a log with types of events', (backend) => {
  const config = (source: string, changes: { data?: object; model?: object; training?: object } = {}) =>
    configSchema.parse({
      data: { source, ...changes.data },
      model: { embeddingDim: 16, idDim: 8, historyDim: 8, hiddenDims: [32], historyLength: 6, ...changes.model },
      training: { epochs: 2, batchSize: 64, learningRate: 0.01, ...changes.training },
      evaluation: { cutoffs: [10, 100] },
      runtime: { backend, output, skipBenchmark: true, promote: 'always' },
    });
  const day = eventsOf(['view', 'buy']);

  it.each(['mean', 'recency', 'transformer'])(
    'is read whole, evaluated and served alike: %s',
    async (historyEncoder) => {
      const options = config(await writeData(day), { model: { historyEncoder } });
      const { artifact, evaluation } = await runTraining(options);
      const stored = await openStoredModel(output, artifact.version);
      const { catalogue, model } = stored;
      expect(catalogue.eventTypes).toEqual(['view', 'buy']);
      expect(model.parameters.get('user.history.types')?.values.every((value) => value !== 0)).toBe(true);
      expect((await evaluateArtifact(options)).evaluation.model).toEqual(evaluation.model);

      // What is stored of users rests on the types in their histories, as the serving tower reads them.
      const path = (file: string): string => join(artifact.path, file);
      const itemVectors = await readNpy(path(artifactFiles.itemVectors), 'float32');
      const userVectors = await readNpy(path(artifactFiles.userVectors), 'float32');
      const tower = await ServingUserTower.load(artifact.path, towerInputs(catalogue), itemVectors.values);
      const { offsets, items, types } = catalogue.history;
      const start = Math.max(0, offsets[1] - tower.historyLength);
      const vector = tower.encode({
        users: Int32Array.of(0),
        historyOffsets: Int32Array.of(0, offsets[1] - start),
        historyItems: items.subarray(start, offsets[1]),
        historyTypes: types?.subarray(start, offsets[1]),
      });
      vector.forEach((value, i) => {
        expect(value).toBeCloseTo(userVectors.values[i], 4);
      });
    },
  );

  it('leaves the model as one of a log without types where they are turned off', async () => {
    const source = await writeData(day);
    const off = await runTraining(config(source, { data: { historyTypes: false } }));
    const { catalogue, model } = await openStoredModel(output, off.artifact.version);
    expect([catalogue.eventTypes, catalogue.history.types, model.parameters.get('user.history.types')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    const without = await runTraining(config(await writeData(day, '')));
    expect(off.evaluation.model).toEqual(without.evaluation.model);
  });

  it('goes on with types that are new, and refuses data without them by name', async () => {
    const first = await runTraining(config(await writeData(day)));
    const from = first.artifact.version;
    const more = [...day, ...eventsOf(['look', 'buy']).map((line) => line.replace(/,(\d+),/, ',1$1,'))];
    const unlearned = { training: { epochs: 1, learningRate: 1e-9 } };
    const second = await runTraining(config(await writeData(more), unlearned), { from });
    const rowsOf = async (version: string) => {
      const { catalogue, model } = await openStoredModel(output, version);
      const { values } = model.parameters.get('user.history.types') ?? { values: [] };
      return Object.fromEntries((catalogue.eventTypes ?? []).map((name, row) => [name, values[row]]));
    };
    const [before, after] = [await rowsOf(from), await rowsOf(second.artifact.version)];
    expect(Object.keys(after)).toEqual(['view', 'buy', 'look']);
    expect(after.buy).toBeCloseTo(before.buy, 6);
    expect(after.look).toBeCloseTo(0, 6);

    const refused = runTraining(config(await writeData(day, ''), unlearned), { from });
    await expect(refused).rejects.toBeInstanceOf(ContinuationError);
    await expect(refused).rejects.toThrow('tell the types of events view, buy, and those of the data do not');
  });

  it('goes on with a model that reads none, and says so', async () => {
    const first = await runTraining(config(await writeData(day, '')));
    const second = await runTraining(config(await writeData(day)), { from: first.artifact.version });
    expect(
      (await readCatalogue(await new ModelStore(output).open(second.artifact.version))).eventTypes,
    ).toBeUndefined();
    expect(second.dataset.notes).toContain(
      'The stored model was trained without types of events in histories and does not read them.',
    );
  });

  it('gives the same weights when it is interrupted and resumed', async () => {
    const options: VectorRecallConfig = config(await writeData(day), {
      model: { historyEncoder: 'transformer', historyDropout: 0.2 },
      training: { epochs: 3 },
    });
    const expected = await runTraining(options);
    const controller = new AbortController();
    const notify = (event: TrainingEvent): void => {
      if (event.type === 'step' && event.epoch === 2) controller.abort();
    };
    const error: unknown = await runTraining(options, { observer: { notify }, signal: controller.signal }).catch(
      (reason: unknown) => reason,
    );
    if (!(error instanceof TrainingInterruptedError) || error.run === undefined) throw error;
    const resumed = await runTraining(options, { resume: error.run });
    const typesOf = async (version: string) => [
      ...((await openStoredModel(output, version)).model.parameters.get('user.history.types')?.values ?? []),
    ];
    expect(await typesOf(resumed.artifact.version)).toEqual(await typesOf(expected.artifact.version));
  });
});
