import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StandingError, StandingFileError } from '../errors';
import { StandingStore } from './standing-store';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'standing-'));
  file = join(folder, 'standing.json');
});
afterEach(() => rm(folder, { recursive: true }));

it('keeps what was set, for the next start and for who rereads it', async () => {
  const store = await StandingStore.open(file);
  const other = await StandingStore.open(file);
  expect(store.current).toBeUndefined();
  const standing = { deniedItemIds: ['a', 7, 'a'], filter: 'price < 5' };
  await store.set(standing);
  expect(store.current).toEqual({ deniedItemIds: ['a', 7], filter: 'price < 5' });
  expect((await StandingStore.open(file)).current).toEqual(store.current);
  expect(other.current).toBeUndefined();
  await other.reread();
  expect(other.current).toEqual(store.current);
  await store.set({ deniedItemIds: [] });
  expect(store.current).toBeUndefined();
  expect((await StandingStore.open(file)).current).toBeUndefined();
  expect(await readdir(folder)).toEqual(['standing.json']);
});

it('makes one change after the other', async () => {
  const store = await StandingStore.open(file);
  await Promise.all(['a', 'b', 'c'].map((id) => store.set({ deniedItemIds: [id] })));
  expect(store.current?.deniedItemIds).toEqual(['c']);
  expect((await StandingStore.open(file)).current).toEqual(store.current);
});

it('refuses what is wrong, and keeps what was there', async () => {
  const store = await StandingStore.open(file);
  await store.set({ deniedItemIds: ['a'] });
  const untyped = (value: unknown): never => value as never;
  for (const [wrong, message] of [
    [null, 'Standing rules must be an object'],
    [{ deniedItemIds: 'a' }, 'The denied items must be a list of ids'],
    [{ deniedItemIds: [1.5] }, 'The denied items must be a list of ids'],
    [{ deniedItemIds: new Array(100_001).fill('a') }, 'There are 100001 denied items, but at most 100000 are kept'],
    [{ deniedItemIds: [], filter: 'price <' }, 'The standing filter is wrong: The filter cannot be read'],
    [{ deniedItemIds: [], filter: 3 }, 'The standing filter must be text'],
  ] as const) {
    const refused = store.set(untyped(wrong));
    await expect(refused).rejects.toBeInstanceOf(StandingError);
    await expect(refused).rejects.toThrow(message);
  }
  expect((await StandingStore.open(file)).current?.deniedItemIds).toEqual(['a']);
});

it('refuses a file with any bit flipped, cut short, or of a newer release', async () => {
  await (await StandingStore.open(file)).set({ deniedItemIds: ['abc', 'def'], filter: 'price < 5' });
  const whole = await readFile(file);
  for (let at = 0; at < whole.length - 1; at++) {
    const harmed = Buffer.from(whole);
    harmed[at] ^= 1 << (at % 8);
    await writeFile(file, harmed);
    await expect(StandingStore.open(file)).rejects.toBeInstanceOf(StandingFileError);
  }
  for (const length of [0, 1, 50, whole.length - 2]) {
    await writeFile(file, whole.subarray(0, length));
    await expect(StandingStore.open(file)).rejects.toThrow(`${file} is damaged`);
  }
  await writeFile(file, '{"format": 2}');
  await expect(StandingStore.open(file)).rejects.toThrow('is of format 2, but this release reads format 1');
});
