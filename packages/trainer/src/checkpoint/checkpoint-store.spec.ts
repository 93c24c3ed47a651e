import { mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selectBackend, TOWER_FILE, type TwoTowerModel } from '@vector-recall/towers';
import { Adam } from '../optimizer/adam';
import { toyModel } from '../testing/toy-world';
import { type ProgressState, startOf } from '../training/progress';
import { writeFolder } from './atomic-folder';
import { CheckpointStore, findCheckpoint } from './checkpoint-store';

let root: string;
beforeAll(async () => {
  await selectBackend('cpu');
});
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'checkpoint-spec-'));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

function storeOf(model: TwoTowerModel, identity: Record<string, string> = { 'training.seed': '1' }): CheckpointStore {
  return new CheckpointStore(root, 'run', model, identity);
}

function progress(changes: Partial<ProgressState> = {}): ProgressState {
  return { ...startOf(1), ...changes };
}

async function save(name: string, changes: Partial<ProgressState> = {}): Promise<TwoTowerModel> {
  const model = toyModel();
  await storeOf(model).save(name, new Adam(model.parameters), progress(changes));
  return model;
}

describe('CheckpointStore', () => {
  it('gives back weights, moments and progress', async () => {
    const model = toyModel();
    const adam = new Adam(model.parameters);
    const [name, parameter] = [...model.parameters][0];
    parameter.values.fill(0.25);
    adam.moments.get(name)?.first.fill(0.5);
    adam.resumeAt(12);
    const folder = await storeOf(model).save('step-12', adam, progress({ step: 12, lossSum: 1 / 3 }));

    const other = toyModel();
    const store = storeOf(other);
    const state = await store.resume(folder);
    const resumed = new Adam(other.parameters);
    await store.restoreMoments(folder, resumed, state.adamSteps);
    expect(state.progress).toEqual(progress({ step: 12, lossSum: 1 / 3 }));
    expect(other.parameters.get(name)?.values).toEqual(parameter.values);
    expect(resumed.moments.get(name)?.first).toEqual(adam.moments.get(name)?.first);
    expect(resumed.steps).toBe(12);
  });

  it('keeps the two newest checkpoints and the best', async () => {
    const model = toyModel();
    const store = storeOf(model);
    const adam = new Adam(model.parameters);
    for (const epoch of [1, 2, 3, 4]) {
      await store.save(`epoch-${epoch}`, adam, progress({ earlyStopping: { bestEpoch: 1, bestValue: 0.5 } }));
    }
    expect((await readdir(join(root, 'run'))).sort()).toEqual(['epoch-1', 'epoch-3', 'epoch-4']);
  });

  it.each([
    ['cut short', (folder: string) => truncate(join(folder, TOWER_FILE), 100), `${TOWER_FILE} is damaged or missing`],
    ['without weights', (folder: string) => rm(join(folder, TOWER_FILE)), `${TOWER_FILE} is damaged or missing`],
    ['without a state', (folder: string) => rm(join(folder, 'state.json')), 'its state.json cannot be read'],
    [
      'of another format',
      (folder: string) => writeFile(join(folder, 'state.json'), '{"format": 99}'),
      'is not the state',
    ],
  ])('refuses a checkpoint %s', async (_, damage, message) => {
    await save('epoch-1');
    const folder = join(root, 'run', 'epoch-1');
    await damage(folder);
    await expect(storeOf(toyModel()).resume(folder)).rejects.toThrow(message);
  });

  it('refuses to go on with other options, and names them', async () => {
    await save('epoch-1');
    const other = storeOf(toyModel(), { 'training.seed': '2', backend: 'wasm' });
    await expect(other.resume(join(root, 'run', 'epoch-1'))).rejects.toThrow(
      'belongs to a run with other options or data: training.seed was 1 and is 2, backend was absent and is wasm. ' +
        'Leave these options out to continue it, or leave --resume out to start a new run.',
    );
  });
});

describe('findCheckpoint', () => {
  it('finds the newest of a run, of all runs, or the one whose folder is given', async () => {
    await save('epoch-1');
    await save('step-30');
    await utimes(join(root, 'run', 'epoch-1'), 1000, 1000);
    const newest = { run: 'run', folder: join(root, 'run', 'step-30') };
    expect(await findCheckpoint(root, 'run')).toEqual(newest);
    expect(await findCheckpoint(root, 'latest')).toEqual(newest);
    const first = join(root, 'run', 'epoch-1');
    expect(await findCheckpoint(root, first)).toEqual({ run: 'run', folder: first });
  });

  it('says what there is not', async () => {
    await expect(findCheckpoint(root, 'latest')).rejects.toThrow(
      `There is no checkpoint in ${root}; leave --resume out to start a run.`,
    );
    await expect(findCheckpoint(root, 'other')).rejects.toThrow(`There is no checkpoint of the run other in ${root};`);
  });
});

describe('writeFolder', () => {
  it('leaves nothing behind when writing fails, and the old folder as it was', async () => {
    const folder = join(root, 'folder');
    await writeFolder(folder, (aside) => writeFile(join(aside, 'file'), 'old'));
    await expect(
      writeFolder(folder, async (aside) => {
        await writeFile(join(aside, 'other'), 'half');
        throw new Error('the disk is full');
      }),
    ).rejects.toThrow('the disk is full');
    expect([await readdir(root), await readdir(folder)]).toEqual([['folder'], ['file']]);
  });
});
