import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pruneCheckpoints } from './prune-checkpoints';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'prune-checkpoints-'));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

async function checkpoint(path: string, time: number): Promise<void> {
  await mkdir(join(root, path), { recursive: true });
  await utimes(join(root, path), time, time);
}

it('keeps the runs with the latest checkpoints, of a second training too', async () => {
  await checkpoint('first/epoch-1', 100);
  await checkpoint('second/step-9', 200);
  await checkpoint('third/epoch-1', 50);
  await checkpoint('third/refit/epoch-2', 300);
  expect(await pruneCheckpoints(root, 2)).toEqual(['first']);
  expect((await readdir(root)).sort()).toEqual(['second', 'third']);
  expect(await pruneCheckpoints(root, 1)).toEqual(['second']);
});

it('leaves alone what is no run', async () => {
  await checkpoint('notes/mine', 1);
  await checkpoint('a/epoch-1', 100);
  await checkpoint('b/epoch-1', 200);
  expect(await pruneCheckpoints(root, 1)).toEqual(['a']);
  expect((await readdir(root)).sort()).toEqual(['b', 'notes']);
});

it('finds nothing to delete where nothing was trained', async () => {
  expect(await pruneCheckpoints(join(root, 'absent'), 1)).toEqual([]);
});
