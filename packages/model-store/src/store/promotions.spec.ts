import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NoPreviousVersionError } from '../errors';
import { useSampleStore } from '../testing/sample-store';
import { ModelStore } from './model-store';

const sample = useSampleStore();
const { folder, publish } = sample;
let store: ModelStore;

beforeEach(() => {
  store = sample.store;
});

describe('promotion', () => {
  it('goes back through what was current, not through what was published', async () => {
    const [first, unused, second, third] = [
      await publish('1'),
      await publish('2', { promote: false }),
      await publish('3'),
      await publish('4'),
    ];
    expect(await store.rollback()).toBe(second);
    expect(await store.rollback()).toBe(first);
    await expect(store.rollback()).rejects.toBeInstanceOf(NoPreviousVersionError);
    expect(await store.currentVersion()).toBe(first);
    await store.promote(unused);
    await store.promote(third);
    expect(await store.rollback()).toBe(unused);
    expect(await store.rollback()).toBe(first);
  });

  it('passes over versions that were deleted', async () => {
    const [first, second] = [await publish('1'), await publish('2')];
    await publish('3');
    await rm(join(folder.path, 'versions', second), { recursive: true });
    expect(await store.rollback()).toBe(first);
  });

  it('is right where a writer was killed between the link and the memory of it', async () => {
    const first = await publish('1');
    const memory = await readFile(join(folder.path, 'promotions.json'), 'utf8');
    await publish('2');
    await writeFile(join(folder.path, 'promotions.json'), memory);
    expect(await store.rollback()).toBe(first);

    const second = await publish('3');
    const longer = await readFile(join(folder.path, 'promotions.json'), 'utf8');
    await publish('4');
    await store.rollback();
    // As if the rollback to the second had not been noted.
    await writeFile(join(folder.path, 'promotions.json'), longer);
    expect(await store.currentVersion()).toBe(second);
    expect(await store.rollback()).toBe(first);
  });

  it.each(['', '{"a"', '[1]'])('forgets a memory that reads %j', async (text) => {
    await publish('1');
    const second = await publish('2');
    await writeFile(join(folder.path, 'promotions.json'), text);
    await expect(store.rollback()).rejects.toBeInstanceOf(NoPreviousVersionError);
    await publish('3');
    expect(await store.rollback()).toBe(second);
  });

  it('keeps the current version where the wanted one is damaged', async () => {
    const [first, second] = [await publish('1'), await publish('2')];
    await writeFile(join(folder.path, 'versions', first, 'a.txt'), 'x');
    await expect(store.promote(first)).rejects.toMatchObject({ fault: 'damaged' });
    await expect(store.rollback()).rejects.toMatchObject({ fault: 'damaged' });
    expect(await store.currentVersion()).toBe(second);
  });

  it('lets readers see the old or the new version, and nothing else', async () => {
    const versions = [await publish('1'), await publish('2')];
    const writer = { isDone: false };
    const promoting = (async () => {
      for (let i = 0; i < 40; i++) await store.promote(versions[i % 2]);
      writer.isDone = true;
    })();
    let reads = 0;
    while (!writer.isDone) {
      expect(versions).toContain((await store.open()).version);
      reads++;
    }
    await promoting;
    expect(reads).toBeGreaterThan(5);
  });
});

describe('pruning', () => {
  const left = async (): Promise<string[]> => (await readdir(join(folder.path, 'versions'))).sort();

  it('keeps the newest versions', async () => {
    const versions = [await publish('1'), await publish('2'), await publish('3'), await publish('4')];
    expect(await store.prune(3)).toEqual([versions[0]]);
    expect(await left()).toEqual(versions.slice(1));
    expect(await readdir(join(folder.path, '.staging'))).toEqual([]);
    expect(await store.prune(3)).toEqual([]);
  });

  it('keeps the current version and the one that a rollback goes back to, however old', async () => {
    const [first, second] = [await publish('1'), await publish('2')];
    const unused = [await publish('3', { promote: false }), await publish('4', { promote: false })];
    expect(await store.prune(1)).toEqual([unused[0]]);
    expect(await left()).toEqual([first, second, unused[1]]);
    expect(await store.rollback()).toBe(first);
    expect((await store.open()).version).toBe(first);
  });

  it('keeps the latest of the versions before that is still there', async () => {
    const [first, second] = [await publish('1'), await publish('2')];
    const third = await publish('3');
    await rm(join(folder.path, 'versions', second), { recursive: true });
    await publish('4', { promote: false });
    expect(await store.prune(1)).toEqual([]);
    expect(await store.currentVersion()).toBe(third);
    expect(await store.rollback()).toBe(first);
  });

  it('deletes damaged versions like others, and nothing of a store that was never written to', async () => {
    const [first] = [await publish('1'), await publish('2'), await publish('3')];
    await rm(join(folder.path, 'versions', first, 'manifest.json'));
    expect(await store.prune(1)).toEqual([first]);
    expect(await new ModelStore(join(folder.path, 'none')).prune(1)).toEqual([]);
  });
});
