import { link, mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PublishError } from '../errors';
import type { ManifestFields } from '../manifest/manifest';
import { sampleFields } from '../testing/sample-fields';
import { useSampleStore } from '../testing/sample-store';
import type { StagedArtifact } from './artifact';
import { ModelStore } from './model-store';

const sample = useSampleStore();
const { folder, publish, stageFiles } = sample;
let store: ModelStore;

beforeEach(() => {
  store = sample.store;
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
