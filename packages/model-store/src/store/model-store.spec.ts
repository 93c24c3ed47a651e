import { execFileSync } from 'node:child_process';
import { chmod, link, mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NoCurrentVersionError, NoPreviousVersionError, PublishError, UnknownVersionError } from '../errors';
import type { ManifestFields } from '../manifest/manifest';
import { sampleFields } from '../testing/sample-fields';
import { useTemporaryFolder } from '../testing/temporary-folder';
import type { StagedArtifact } from './artifact';
import { ModelStore } from './model-store';
import { readManifest } from './open-version';

const folder = useTemporaryFolder();
let store: ModelStore;
let time: number;

beforeEach(() => {
  time = Date.UTC(2026, 10, 22, 10, 15, 0, 250);
  store = new ModelStore(folder.path, { now: () => new Date(time) });
});

async function stageFiles(files: Record<string, string> = { 'a.txt': 'hello' }): Promise<StagedArtifact> {
  const staged = await store.stage();
  for (const [name, text] of Object.entries(files)) await writeFile(join(staged.folder, name), text);
  return staged;
}

/** Publishes a version, a second after the last. */
async function publish(text = 'hello', options?: { promote?: boolean }): Promise<string> {
  time += 1000;
  const { version } = await store.publish(await stageFiles({ 'a.txt': text }), sampleFields, options);
  return version;
}

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

describe('what cannot be read back', () => {
  it('is not published, and the current version stays', async () => {
    const before = await publish();
    const check = async (): Promise<void> => Promise.reject(new Error('the index is damaged.'));
    const publishing = store.publish(await stageFiles(), sampleFields, { check });
    await expect(publishing).rejects.toMatchObject({
      code: 'STORE_PUBLISH_REFUSED',
      message: expect.stringContaining('so it is not published: the index is damaged.') as string,
    });
    expect(await store.currentVersion()).toBe(before);
    expect(await store.list()).toHaveLength(1);
  });

  it('is not published where the catalogue holds a value that JSON has none for', async () => {
    const staged = await stageFiles({ 'catalogue.json': '{"formatVersion": 1, "deviation": null}' });
    await expect(store.publish(staged, sampleFields)).rejects.toMatchObject({ code: 'STORE_PUBLISH_REFUSED' });
    expect(await store.currentVersion()).toBeUndefined();
  });
});

describe('publishing', () => {
  it('names the version after its time, and describes every file', async () => {
    const staged = await stageFiles({ 'a.txt': 'hello', 'empty.bin': '' });
    await mkdir(join(staged.folder, 'plots'));
    await writeFile(join(staged.folder, 'plots', 'loss.svg'), '<svg/>');
    const manifest = await store.publish(staged, { ...sampleFields, parents: ['20261121T000000Z-abcd'] });

    expect(manifest.version).toMatch(/^20261122T101500Z-[0-9a-f]{4}$/);
    expect(manifest).toEqual({
      ...sampleFields,
      formatVersion: 1,
      version: staged.version,
      createdAt: '2026-11-22T10:15:00.250Z',
      parents: ['20261121T000000Z-abcd'],
      files: {
        'a.txt': { bytes: 5, sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824' },
        'empty.bin': { bytes: 0, sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
        'plots/loss.svg': { bytes: 6, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      },
    });
    const stored: unknown = JSON.parse(
      await readFile(join(folder.path, 'versions', staged.version, 'manifest.json'), 'utf8'),
    );
    expect(stored).toEqual(manifest);
  });

  it('moves the folder and switches current to it', async () => {
    const version = await publish();
    expect(await readlink(join(folder.path, 'current'))).toBe(`versions/${version}`);
    expect(await readdir(join(folder.path, '.staging'))).toEqual([]);
    expect(await readFile(join(folder.path, 'current', 'a.txt'), 'utf8')).toBe('hello');
  });

  it('leaves current as it is when told so', async () => {
    const first = await publish();
    const second = await publish('two', { promote: false });
    expect(await store.currentVersion()).toBe(first);
    expect((await store.open(second)).version).toBe(second);
  });

  it('gives two versions of one second different names', async () => {
    const names = await Promise.all(Array.from({ length: 20 }, async () => (await store.stage()).version));
    expect(new Set(names).size).toBe(20);
  });

  it('takes files that another version holds too', async () => {
    const first = await store.open(await publish());
    const staged = await stageFiles({ 'b.txt': 'more' });
    await link(first.path('a.txt'), join(staged.folder, 'a.txt'));
    await store.publish(staged, sampleFields);
    await rm(first.folder, { recursive: true });
    expect(await readFile((await store.open()).path('a.txt'), 'utf8')).toBe('hello');
  });
});

describe('publishing refuses', () => {
  async function expectRefusal(staged: StagedArtifact, message: string, fields?: ManifestFields): Promise<void> {
    const error: unknown = await store.publish(staged, fields ?? sampleFields).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PublishError);
    expect(error).toMatchObject({ code: 'STORE_PUBLISH_REFUSED', version: staged.version, message });
    expect(await store.currentVersion()).toBeUndefined();
  }

  it('an empty folder', async () => {
    const staged = await stageFiles({});
    await expectRefusal(staged, `The staged folder ${staged.folder} is empty; write files into it.`);
  });

  it('a folder that is gone', async () => {
    const staged = await stageFiles();
    await staged.discard();
    await expectRefusal(staged, `The staged folder ${staged.folder} is gone; it was published or discarded already.`);
  });

  it('a link', async () => {
    const staged = await stageFiles();
    await symlink('a.txt', join(staged.folder, 'b.txt'));
    await expectRefusal(staged, `${join(staged.folder, 'b.txt')} is not a plain file; an artifact holds nothing else.`);
  });

  it('a manifest of someone else', async () => {
    const staged = await stageFiles({ 'manifest.json': '{}' });
    await expectRefusal(staged, `${staged.folder} holds a manifest.json, which the store writes; remove it.`);
  });

  it('a folder that was not staged here', async () => {
    const staged = await stageFiles();
    const elsewhere = new ModelStore(join(folder.path, 'other'));
    await expect(elsewhere.publish(staged, sampleFields)).rejects.toThrow(
      `${staged.folder} was not staged in the store ${elsewhere.root}; stage it there.`,
    );
  });

  it('a version that is there already', async () => {
    const staged = await stageFiles();
    await mkdir(join(folder.path, 'versions', staged.version, 'x'), { recursive: true });
    await expectRefusal(staged, `The version ${staged.version} is in the store already; stage a new one.`);
  });

  it('a metric that is not a number', async () => {
    await expectRefusal(
      await stageFiles(),
      'The manifest field metrics.model.mrr is wrong: Invalid input: expected number, received NaN.',
      { ...sampleFields, metrics: { model: { mrr: NaN } } },
    );
  });
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
    let isDone = false;
    const promoting = (async () => {
      for (let i = 0; i < 40; i++) await store.promote(versions[i % 2]);
      isDone = true;
    })();
    let reads = 0;
    // The flag is set by the writer that runs meanwhile.
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition
    while (!isDone) {
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
