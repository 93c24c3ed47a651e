import { mkdtempSync, rmSync } from 'node:fs';
import { open, readFile, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IndexFileError } from '../errors';
import { openSearchIndex } from '../search-index/open-search-index';
import { SearchIndex, servingFile } from '../search-index/search-index';
import { clusteredVectors } from '../testing/clustered-vectors';
import { EngineIndex } from './engine-index';
import { SharedCopy } from './shared-file';

const DIM = 16;
const vectors = clusteredVectors(3000, DIM, 1);
const queries = Array.from({ length: 20 }, (_, row) => ({
  vector: vectors.subarray(row * DIM, (row + 1) * DIM),
  k: 10,
}));
const onLinux = SharedCopy.isPossible ? describe : describe.skip;

onLinux('a shared copy of a serving file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shared-file-'));
  const file = join(folder, servingFile);
  const config = { m: 8, efConstruction: 60 };
  let expected: Awaited<ReturnType<EngineIndex['searchMany']>>;

  beforeEach(async () => {
    const built = await SearchIndex.build(vectors, DIM, { config, seed: 1, engine: 'native' });
    await built.save(folder);
    expected = await built.searchMany(queries);
    await built.close();
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('is searched by all that map it, whatever becomes of the file and of the copy', async () => {
    const copy = await SharedCopy.of(file);
    await truncate(file, 5000);
    const opened = [
      await EngineIndex.open(file, { memory: copy.file, threads: 1 }),
      await EngineIndex.open(file, { memory: copy.file, threads: 1 }),
    ];
    copy.release();
    const maps = await readFile('/proc/self/maps', 'utf8');
    expect(maps.match(/ r--s .*memfd:vector-recall-index/g)).toHaveLength(2);
    for (const index of opened) {
      expect(index.info.memory).toBe('shared');
      expect(await index.searchMany(queries)).toEqual(expected);
      await index.close();
    }
    expect(await readFile('/proc/self/maps', 'utf8')).not.toContain('memfd:vector-recall-index');
  });

  it('can be neither written nor cut', async () => {
    const copy = await SharedCopy.of(file);
    const handle = await open(copy.file.path, 'r+');
    await expect(handle.write(Buffer.alloc(8), 0, 8, 5000)).rejects.toMatchObject({ code: 'EPERM' });
    await expect(handle.truncate(5000)).rejects.toMatchObject({ code: 'EPERM' });
    await handle.close();
    copy.release();
  });

  it('that is gone, or whose place another one has taken, leaves each with a copy of its own', async () => {
    const copy = await SharedCopy.of(file);
    const foreign = { ...copy.file, inode: `${copy.file.inode}1` };
    copy.release();
    for (const memory of [copy.file, foreign]) {
      const index = await EngineIndex.open(file, { memory, threads: 1 });
      expect(index.info.memory).toBe('copied');
      expect(await index.searchMany(queries)).toEqual(expected);
      await index.close();
    }
  });

  it('is what openSearchIndex opens where it is given one', async () => {
    const copies: SharedCopy[] = [];
    const share = async (asked: string) => {
      const copy = await SharedCopy.of(asked);
      copies.push(copy);
      return copy.file;
    };
    const { index } = await openSearchIndex(folder, { engine: 'native', threads: 1, share });
    copies.forEach((copy) => {
      copy.release();
    });
    expect(copies).toHaveLength(1);
    expect(await index.searchMany(queries)).toEqual(expected);
    await index.close();
  });

  it('of no regular file is refused with its path', async () => {
    await expect(SharedCopy.of(folder)).rejects.toThrow(IndexFileError);
    await expect(SharedCopy.of(join(folder, 'none'))).rejects.toThrow(join(folder, 'none'));
  });
});
