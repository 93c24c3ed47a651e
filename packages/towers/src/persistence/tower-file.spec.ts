import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RandomStream } from '@vector-recall/random';
import { selectBackend } from '../backend/select-backend';
import { WeightFileError } from '../errors';
import { TwoTowerModel } from '../model/two-tower-model';
import { infoNce, toyBatch, toyInputs, toyItems, toyModel, typedInputs } from '../testing/toy-world';
import { readSafetensors } from './read-safetensors';
import { TOWER_FILE } from './tower-file';
import { writeSafetensors } from './write-safetensors';

let folder: string;

beforeAll(async () => {
  await selectBackend('wasm');
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towers-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function rewrite(change: (towers: string) => string): Promise<void> {
  const { tensors, metadata } = await readSafetensors(join(folder, TOWER_FILE));
  await writeSafetensors(join(folder, TOWER_FILE), [...tensors.values()], { towers: change(metadata.towers) });
}

describe('a saved model', () => {
  it('comes back with its config and gives the same vectors, moving moments and all', async () => {
    const model = toyModel({ historyEncoder: 'transformer', dropout: 0.25, itemItemDim: 3 });
    model.computeGradients(toyBatch(), toyItems(), infoNce, new RandomStream(1));
    await model.save(folder);
    const loaded = await TwoTowerModel.load(folder, toyInputs());
    expect(loaded.config).toEqual(model.config);
    expect([...loaded.encodeItems(toyItems())]).toEqual([...model.encodeItems(toyItems())]);
    expect([...loaded.encodeUsers(toyBatch())]).toEqual([...model.encodeUsers(toyBatch())]);
  });

  it('says how wide its vectors are, whatever the option asked for', async () => {
    const model = toyModel({ itemItemDim: 3 });
    expect(model.dim).toBe(9);
    model.itemItem = undefined;
    await model.save(folder);
    const loaded = await TwoTowerModel.load(folder, toyInputs());
    expect(loaded.config.itemItemDim).toBe(0);
    expect(loaded.encodeItems(toyItems())).toHaveLength(6 * toyItems().length);
  });

  it('refuses inputs of another shape than it was trained on', async () => {
    await toyModel().save(folder);
    const { users, items } = toyInputs();
    await expect(TwoTowerModel.load(folder, { users: { count: users.count }, items })).rejects.toThrow(
      'was trained with 5 users (numbers features of size 3, category country of size 2, tags interests of size 3, ' +
        'vectors profile of size 3, context device of size 2, context weekday of size 3) and is loaded with 5 users (no fields); use the inputs of its training.',
    );
  });

  it('holds the names of the types that histories tell apart, and only where they do', async () => {
    const model = toyModel({ historyEncoder: 'recency' }, typedInputs());
    await model.save(folder);
    const loaded = await TwoTowerModel.load(folder, typedInputs());
    const batch = toyBatch(typedInputs());
    expect([...loaded.encodeUsers(batch)]).toEqual([...model.encodeUsers(batch)]);
    const { users, items } = typedInputs();
    const renamed = { users: { ...users, eventTypes: ['view', 'like', 'purchase'] }, items };
    await expect(TwoTowerModel.load(folder, renamed)).rejects.toThrow(/; events view, cart, purchase\) and is loaded/);

    await toyModel().save(folder);
    const { metadata } = await readSafetensors(join(folder, TOWER_FILE));
    expect(metadata.towers).not.toContain('eventTypes');
    await expect(TwoTowerModel.load(folder, typedInputs())).rejects.toThrow(/is loaded with .* view, cart, purchase/);
  });

  it.each([
    [99, 'has format 99 and this version reads 2; update Vector Recall.'],
    [1, 'has format 1 and this version reads 2; train again to make a new artifact.'],
  ])('refuses a file of format %s', async (format, message) => {
    await toyModel().save(folder);
    await rewrite((towers) => towers.replace('"format":2', `"format":${format}`));
    await expect(TwoTowerModel.load(folder, toyInputs())).rejects.toThrow(message);
  });

  it.each(['{}', 'no JSON', '{"format":2,"config":{"embeddingDim":"wide"}}'])(
    'refuses arrays that are no towers: %s',
    async (towers) => {
      await toyModel().save(folder);
      await rewrite(() => towers);
      await expect(TwoTowerModel.load(folder, toyInputs())).rejects.toThrow(
        'does not hold the weights of a two-tower model; check the path.',
      );
    },
  );

  it('refuses a file that lacks a weight or holds one too many', async () => {
    await toyModel().save(folder);
    const file = join(folder, TOWER_FILE);
    const { tensors, metadata } = await readSafetensors(file);
    const all = [...tensors.values()];
    await writeSafetensors(file, all.slice(1), { ...metadata });
    await expect(TwoTowerModel.load(folder, toyInputs())).rejects.toThrow('does not hold user.id.table');
    const extra = { name: 'extra', shape: [1], values: Float32Array.of(1) };
    await writeSafetensors(file, [...all, extra], { ...metadata });
    await expect(TwoTowerModel.load(folder, toyInputs())).rejects.toThrow(WeightFileError);
  });
});
