import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NoCurrentVersionError, UnknownVersionError } from '../errors';
import { useSampleStore } from '../testing/sample-store';
import { ModelStore } from './model-store';
import { readManifest } from './open-version';

const sample = useSampleStore();
const { folder, publish } = sample;
let store: ModelStore;

beforeEach(() => {
  store = sample.store;
});

describe('only regular files are opened', () => {
  it.each<[string, (file: string) => unknown]>([
    ['a pipe', (file) => execFileSync('mkfifo', [file])],
    ['a link', (file) => symlink('../../../elsewhere', file)],
    ['a link to a device', (file) => symlink('/dev/zero', file)],
    ['a folder', (file) => mkdir(file)],
  ])('%s is refused at once', async (_, make) => {
    const version = await publish();
    const file = join(folder.path, 'versions', version, 'a.txt');
    await writeFile(join(folder.path, 'elsewhere'), 'hello');
    await rm(file);
    await make(file);
    await expect(store.open()).rejects.toMatchObject({
      file,
      fault: 'foreign',
      message: expect.stringContaining('is not a regular file') as string,
    });
  });

  it('also as the manifest', async () => {
    const version = await publish();
    const file = join(folder.path, 'versions', version, 'manifest.json');
    await rm(file);
    execFileSync('mkfifo', [file]);
    await expect(store.open()).rejects.toMatchObject({ file, fault: 'foreign' });
  });
});

describe('listing', () => {
  it('shows versions newest first, the current one, and what is wrong with any', async () => {
    const [first, second, third] = [await publish('1'), await publish('2'), await publish('3', { promote: false })];
    const broken = join(folder.path, 'versions', first, 'manifest.json');
    await writeFile(broken, '{');
    await writeFile(join(folder.path, 'versions', 'README'), 'not a version');
    expect(await store.list()).toMatchObject([
      { version: third, isCurrent: false, manifest: { version: third } },
      { version: second, isCurrent: true, manifest: { version: second } },
      { version: first, isCurrent: false, problem: `${broken} is not valid JSON; copy the artifact again.` },
    ]);
  });

  it('shows nothing of a store that was never written to', async () => {
    expect(await new ModelStore(join(folder.path, 'none')).list()).toEqual([]);
  });
});

describe('a store', () => {
  it('tells where a version lies without reading it', async () => {
    const version = await publish();
    const path = await store.locate(version);
    expect(path).toBe(join(folder.path, 'versions', version));
    expect((await readManifest(path)).version).toBe(version);
    await expect(store.locate('..')).rejects.toThrow(UnknownVersionError);
  });

  it('without current says so', async () => {
    const message = `The store ${folder.path} has no current version; train a model, or promote one of its versions.`;
    await expect(store.open()).rejects.toBeInstanceOf(NoCurrentVersionError);
    await expect(store.open()).rejects.toMatchObject({ code: 'STORE_NO_CURRENT', message });
    await expect(store.rollback()).rejects.toThrow(message);
  });

  it('without an earlier version says so', async () => {
    await publish();
    await expect(store.rollback()).rejects.toMatchObject({
      code: 'STORE_NO_PREVIOUS',
      message: `The store ${folder.path} has no version that was current before; promote the version that you want by name.`,
    });
  });

  it('names the versions that it has when asked for another', async () => {
    const absent = '20200101T000000Z-0000';
    await expect(store.open(absent)).rejects.toThrow(`The store ${folder.path} has no version ${absent}; it is empty.`);
    const version = await publish();
    await expect(store.promote(absent)).rejects.toBeInstanceOf(UnknownVersionError);
    await expect(store.open('../x')).rejects.toMatchObject({
      code: 'STORE_VERSION_UNKNOWN',
      message: `The store ${folder.path} has no version ../x; it holds ${version}.`,
    });
    for (let i = 0; i < 6; i++) await publish();
    await expect(store.open(absent)).rejects.toThrow(/it holds (\S+, ){4}\S+ and 2 more\.$/);
  });

  it('whose current is not a link is left alone', async () => {
    await mkdir(join(folder.path, 'current'));
    const message = `${join(folder.path, 'current')} is not a link to a version; move it away, then promote the version that you want.`;
    await expect(store.open()).rejects.toMatchObject({ fault: 'foreign', message });
    await expect(publish()).rejects.toThrow(message);
    expect(await readdir(join(folder.path, 'current'))).toEqual([]);
  });

  it('whose current points to nothing says which version is missing', async () => {
    const version = await publish();
    await rm(join(folder.path, 'versions', version), { recursive: true });
    await expect(store.open()).rejects.toThrow(`The store ${folder.path} has no version ${version}; it is empty.`);
  });

  it('can be read where it cannot be written', async () => {
    const version = await publish();
    await chmod(folder.path, 0o555);
    expect((await store.open()).version).toBe(version);
    await chmod(folder.path, 0o755);
  });
});
