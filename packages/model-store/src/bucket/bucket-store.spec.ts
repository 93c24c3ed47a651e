import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NoPreviousVersionError, UnknownVersionError } from '../errors';
import { ModelStore } from '../store/model-store';
import { BucketServer } from '../testing/bucket-server';
import { sampleFields } from '../testing/sample-fields';
import { useTemporaryFolder } from '../testing/temporary-folder';
import { localFolderOf } from './location';

const url = 's3://models/shop';
const folder = useTemporaryFolder();
const before = { ...process.env };
let server: BucketServer;
let time: number;

beforeEach(async () => {
  server = await BucketServer.start(join(folder.path, 'bucket'));
  useCache('writer');
  time = Date.UTC(2026, 10, 22);
});

afterEach(async () => {
  process.env = { ...before };
  await server.stop();
});

/** From here on the process is another machine: it has downloaded nothing. */
function useCache(name: string): void {
  Object.assign(process.env, server.environment(join(folder.path, name)));
}

async function publish(text: string, promote = true): Promise<string> {
  const store = new ModelStore(url, { now: () => new Date((time += 1000)) });
  const staged = await store.stage();
  await mkdir(join(staged.folder, 'inner'));
  await writeFile(join(staged.folder, 'a.txt'), text);
  await writeFile(join(staged.folder, 'inner/b.bin'), Buffer.alloc(300_000, text));
  await writeFile(join(staged.folder, 'empty'), '');
  return (await store.publish(staged, sampleFields, { promote })).version;
}

const open = async (version?: string): Promise<string> => {
  const artifact = await new ModelStore(url).open(version);
  return readFile(artifact.path('a.txt'), 'utf8');
};

it('versions are published, listed, promoted, rolled back and pruned as in a folder', async () => {
  const store = new ModelStore(url);
  expect(await store.currentVersion()).toBeUndefined();
  expect(await store.list()).toEqual([]);
  const [first, second] = [await publish('one'), await publish('two')];
  const third = await publish('three', false);
  useCache('reader');
  const listed = (await store.list()).map(({ version, isCurrent }) => [version, isCurrent]);
  expect(listed).toEqual([
    [third, false],
    [second, true],
    [first, false],
  ]);
  expect([await open(), await open(first), await open(third)]).toEqual(['two', 'one', 'three']);

  expect(await store.rollback()).toBe(first);
  expect(await open()).toBe('one');
  await expect(store.rollback()).rejects.toThrow(NoPreviousVersionError);
  await store.promote(third);
  expect(await store.prune(1)).toEqual([second]);
  expect((await store.list()).map(({ version }) => version)).toEqual([third, first]);
  await expect(store.open(second)).rejects.toThrow(UnknownVersionError);
});

it('a download that was cut off or spoilt is continued, and checked', async () => {
  const version = await publish('one');
  useCache('reader');
  const partial = join(localFolderOf(url), '.fetching', version);
  await mkdir(join(partial, 'inner'), { recursive: true });
  const half = Buffer.alloc(100_000, 'one');
  await writeFile(join(partial, 'inner/b.bin'), half);
  await writeFile(join(partial, 'a.txt'), 'other');
  const artifact = await new ModelStore(url).open();
  expect(await readFile(artifact.path('inner/b.bin'))).toEqual(Buffer.alloc(300_000, 'one'));
  expect(await readFile(artifact.path('a.txt'), 'utf8')).toBe('one');
});

it('objects that are not what was published are refused, and no version appears', async () => {
  const version = await publish('one');
  useCache('reader');
  const objects = await readdir(join(folder.path, 'bucket/models'), { recursive: true });
  const object = objects.find((name) => name.includes(`${version}/a.txt`) && name.endsWith('_object')) ?? '';
  const file = join(folder.path, 'bucket/models', object);
  await truncate(file, (await stat(file)).size - 1);
  await expect(open()).rejects.toMatchObject({ fault: 'damaged', file: `${url}/versions/${version}/a.txt` });
  await expect(stat(join(localFolderOf(url), 'versions', version))).rejects.toMatchObject({ code: 'ENOENT' });
});

it('several readers of one cache download a version once', async () => {
  await publish('one');
  useCache('reader');
  expect(await Promise.all([open(), open(), open()])).toEqual(['one', 'one', 'one']);
});

it('the newest three downloads stay', async () => {
  const versions = [await publish('1'), await publish('2'), await publish('3'), await publish('4')];
  useCache('reader');
  for (const version of versions) await open(version);
  expect((await readdir(join(localFolderOf(url), 'versions'))).toSorted()).toEqual(versions.slice(1));
});

it('a version without a manifest, as an upload that was cut off leaves it, is not there', async () => {
  const [first, second] = [await publish('one'), await publish('two', false)];
  const objects = join(folder.path, 'bucket/models');
  for (const name of await readdir(objects, { recursive: true })) {
    if (name.includes(`${second}/manifest.json`)) await rm(join(objects, name), { recursive: true, force: true });
  }
  useCache('reader');
  expect((await new ModelStore(url).list()).map(({ version }) => version)).toEqual([first]);
  await expect(open(second)).rejects.toThrow(UnknownVersionError);
});

it('what cannot be reached is said in a sentence', async () => {
  await expect(new ModelStore('s3://nobodys').currentVersion()).rejects.toThrow(
    /^The store s3:\/\/nobodys can't be read \(NoSuchBucket: .*\); check its name, the network, AWS_REGION and the credentials\.$/,
  );
});
