import { appendFile, copyFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IndexFileError, type IndexFileFault } from '../errors';
import { clusteredVectors } from '../testing/clustered-vectors';
import { inspectGraphFile, sha256Of } from './graph-file';
import { HnswIndex } from './hnsw-index';

const DIM = 8;
const COUNT = 500;
const config = { m: 6, efConstruction: 40, efSearch: 30 };

let whole: string;
let other: string;
let folder: string;
let bin: string;
let meta: string;

const temporary = async (): Promise<string> => mkdtemp(join(tmpdir(), 'graph-store-'));

beforeAll(async () => {
  whole = await temporary();
  other = await temporary();
  const vectors = clusteredVectors(COUNT, DIM, 1);
  await (await HnswIndex.build(vectors, DIM, { config, seed: 1 })).save(whole);
  const longer = clusteredVectors(COUNT + 1, DIM, 1);
  await (await HnswIndex.build(longer, DIM, { config, seed: 1 })).save(other);
});

beforeEach(async () => {
  folder = await temporary();
  bin = join(folder, 'hnsw.bin');
  meta = join(folder, 'hnsw.meta.json');
  await copyFile(join(whole, 'hnsw.bin'), bin);
  await copyFile(join(whole, 'hnsw.meta.json'), meta);
});

afterEach(async () => rm(folder, { recursive: true }));
afterAll(async () => {
  await rm(whole, { recursive: true });
  await rm(other, { recursive: true });
});

async function editMeta(change: Record<string, unknown>): Promise<void> {
  const json = JSON.parse(await readFile(meta, 'utf8')) as object;
  await writeFile(meta, JSON.stringify({ ...json, ...change }));
}

/** Makes the meta file vouch for whatever `hnsw.bin` now holds, as a foreign tool would. */
async function vouch(): Promise<void> {
  await editMeta({ bytes: (await stat(bin)).size, sha256: await sha256Of(bin) });
}

async function overwrite(at: number, bytes: Buffer): Promise<void> {
  const content = await readFile(bin);
  bytes.copy(content, at);
  await writeFile(bin, content);
}

async function expectFault(file: string, fault: IndexFileFault, message: string): Promise<void> {
  const error: unknown = await HnswIndex.load(folder).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(IndexFileError);
  expect(error).toMatchObject({ code: 'INDEX_FILE_INVALID', file, fault, message: `${file} ${message}` });
}

describe('loading an index refuses', () => {
  it('a folder without meta', async () => {
    await rm(meta);
    await expectFault(meta, 'missing', 'cannot be read; build the index first.');
  });

  it('a folder without graph', async () => {
    await rm(bin);
    await expectFault(bin, 'missing', 'cannot be read; copy or build the index again.');
  });

  it('meta that is cut short', async () => {
    await truncate(meta, 20);
    await expectFault(meta, 'damaged', 'is not valid JSON; copy or build the index again.');
  });

  it('meta with a wrong value', async () => {
    await editMeta({ dim: 0 });
    await expectFault(
      meta,
      'damaged',
      'does not describe an index (dim: Too small: expected number to be >=1); build it again.',
    );
  });

  it('meta that is not an object', async () => {
    await writeFile(meta, '[]');
    await expectFault(
      meta,
      'damaged',
      'does not describe an index (Invalid input: expected object, received array); build it again.',
    );
  });

  it('a newer format, whatever else it holds', async () => {
    await writeFile(meta, JSON.stringify({ formatVersion: 2, shards: 4 }));
    await expectFault(
      meta,
      'newer',
      'has format 2, but this release reads up to 1; upgrade Vector Recall or build the index again.',
    );
  });

  it('a graph that is cut short', async () => {
    const { size } = await stat(bin);
    await truncate(bin, size - 1);
    await expectFault(bin, 'truncated', `has ${size - 1} bytes instead of ${size}; copy or build it again.`);
  });

  const differs = 'is not the file that hnsw.meta.json describes: its checksum differs; copy or build the index again.';

  it('a graph with one byte more', async () => {
    await appendFile(bin, '\0');
    await expectFault(bin, 'damaged', differs);
  });

  it.each([0, 60, 96, 5000, 20_000])('a graph with a flipped bit in byte %i', async (at) => {
    await overwrite(at, Buffer.of((await readFile(bin))[at] ^ 4));
    await expectFault(bin, 'damaged', differs);
  });

  it('a graph of other vectors', async () => {
    await copyFile(join(other, 'hnsw.bin'), bin);
    await vouch();
    await expectFault(bin, 'foreign', 'has count 501, but hnsw.meta.json says 500; build the index again.');
  });

  it.each<[string, Buffer]>([
    ['text', Buffer.from('id,vector\n'.repeat(100))],
    ['nothing', Buffer.of(1)],
    ['zeros', Buffer.alloc(4096)],
  ])('a file of %s that the meta vouches for', async (_, content) => {
    await writeFile(bin, content);
    await vouch();
    await expectFault(bin, 'foreign', 'is not an hnswlib graph; build the index again.');
  });

  const word = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return bytes;
  };
  const ground = 96;
  const perElement = 4 + 12 * 4 + DIM * 4 + 8;
  it.each<[string, number, Buffer]>([
    ['a capacity that nothing fills', 8, Buffer.of(0xff, 0xff, 0xff, 0x7f)],
    ['more links than there is room for', ground, word(0xffff)],
    ['a link to an element that is not there', ground + 4, word(COUNT)],
    ['a label out of range', ground + perElement - 8, word(COUNT)],
    ['a label twice', ground + perElement - 8, word(1)],
    ['a value that is not finite', ground + 4 + 12 * 4, word(0x7f800000)],
  ])('a graph with %s, which the meta vouches for', async (_, at, bytes) => {
    await overwrite(at, bytes);
    await vouch();
    await expectFault(bin, 'foreign', 'is not an hnswlib graph; build the index again.');
  });

  it('a graph whose elements do not all lie in the file', async () => {
    const count = Buffer.alloc(8);
    count.writeBigUInt64LE(1_000_000n);
    await overwrite(8, Buffer.concat([count, count]));
    await vouch();
    await expectFault(bin, 'truncated', 'ends before its last element; copy or build it again.');
  });

  it('a graph whose upper layers end early', async () => {
    await truncate(bin, (await stat(bin)).size - 4);
    await vouch();
    await expectFault(bin, 'truncated', 'ends before its last element; copy or build it again.');
  });

  it('a graph with bytes after its end', async () => {
    await appendFile(bin, '\0\0\0\0');
    await vouch();
    await expectFault(bin, 'foreign', 'is not an hnswlib graph; build the index again.');
  });
});

it('reads the shape of a graph from its file', async () => {
  expect(await inspectGraphFile(bin)).toMatchObject({ count: COUNT, dim: DIM, m: 6, efConstruction: 40 });
});

it('says that a folder cannot be written to', async () => {
  const index = await HnswIndex.load(folder);
  const nowhere = join(folder, 'nowhere');
  await expect(index.save(nowhere)).rejects.toMatchObject({
    fault: 'unwritable',
    message: expect.stringContaining(join(nowhere, 'hnsw')) as string,
  });
});
