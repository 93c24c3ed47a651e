import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@vector-recall/command-line';
import { parseVector } from './vector-flag';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vector-flag-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

it.each([
  ['0.5,-1,2e-3', [0.5, -1, 0.002]],
  [' 1 , 2 ', [1, 2]],
  ['7', [7]],
])('reads %j', async (text, values) => {
  expect(await parseVector(text)).toEqual(Float32Array.from(values));
});

it.each([
  ['1,,2', 2, ''],
  ['1,2,x', 3, 'x'],
  ['', 1, ''],
  ['Infinity', 1, 'Infinity'],
])('refuses %j', async (text, place, value) => {
  const sentence = `Value ${place} of --vector is "${value}", but it must be a number; give numbers with commas, or @FILE.npy.`;
  await expect(parseVector(text)).rejects.toThrow(new UsageError(sentence));
});

it('reads a file that holds one vector', async () => {
  const { writeNpy } = await import('@vector-recall/model-store');
  const file = join(folder, 'query.npy');
  await writeNpy(file, Float32Array.of(1, 2));
  expect(await parseVector(`@${file}`)).toEqual(Float32Array.of(1, 2));
  await writeNpy(file, Float32Array.of(1, 2), [1, 2]);
  expect(await parseVector(`@${file}`)).toEqual(Float32Array.of(1, 2));
  await writeNpy(file, Float32Array.of(1, 2), [2, 1]);
  await expect(parseVector(`@${file}`)).rejects.toThrow('has the shape [2, 1], but --vector takes one vector.');
});
