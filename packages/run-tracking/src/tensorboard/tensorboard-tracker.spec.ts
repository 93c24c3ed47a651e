import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonWith } from '../../../../tools/python-libraries/main.cjs';
import { TensorBoardTracker } from './tensorboard-tracker';

const python = pythonWith('tensorboard');
const withPython = python === undefined ? it.skip : it;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorboard-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const end = { status: 'finished', step: 3, params: {}, tags: {}, metrics: { 'test/model/hitRate@10': 0.25 } } as const;

// By the reader behind TensorBoard itself, which checks both checksums of every record.
const readScalars = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
events = EventAccumulator(sys.argv[1])
events.Reload()
print(json.dumps({tag: [[e.step, e.value] for e in events.Scalars(tag)] for tag in events.Tags()["scalars"]}))
`;

withPython('writes files that TensorBoard reads back', async () => {
  const tracker = await TensorBoardTracker.create(folder);
  await tracker.logStep(1, { 'train/loss': 6.5, 'train/gradient_norm': 0.5 });
  await tracker.logStep(2, { 'train/loss': 5.25, 'train/gradient_norm': 0.75 });
  await tracker.logEpoch(2, { 'validation/loss': 5.5 });
  await tracker.logStep(2 ** 33, { 'train/loss': 1.5 });
  await tracker.end(end);
  expect(python?.runJson(readScalars, folder)).toEqual({
    'train/loss': [
      [1, 6.5],
      [2, 5.25],
      [2 ** 33, 1.5],
    ],
    'train/gradient_norm': [
      [1, 0.5],
      [2, 0.75],
    ],
    'validation/loss': [[2, 5.5]],
    'test/model/hitRate@10': [[3, 0.25]],
  });
});

it('has the figures of an epoch on the disk when it is done', async () => {
  const tracker = await TensorBoardTracker.create(folder);
  const [name] = await readdir(folder);
  const size = async (): Promise<number> => (await readFile(join(folder, name))).length;
  const atFirst = await size();
  await tracker.logStep(1, { 'train/loss': 1 });
  expect(await size()).toBe(atFirst);
  await tracker.logEpoch(1, { 'validation/loss': 1 });
  expect(await size()).toBeGreaterThan(atFirst);
  await tracker.end(end);
});

it('says which folder cannot be written before anything is trained', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  await expect(TensorBoardTracker.create(join(file, 'runs'))).rejects.toThrow(
    `${join(file, 'runs')} can't be written: a part of the path is a file, not a folder; correct the path.`,
  );
});
