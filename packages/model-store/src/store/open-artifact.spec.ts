import { appendFile, cp, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ArtifactFileError, type FileFault } from '../errors';
import { sampleFields } from '../testing/sample-fields';
import { useTemporaryFolder } from '../testing/temporary-folder';
import { ModelStore } from './model-store';
import { openArtifact } from './open-artifact';

const folder = useTemporaryFolder();
let store: ModelStore;
let version: string;
let versionFolder: string;

beforeEach(async () => {
  store = new ModelStore(folder.path);
  const staged = await store.stage();
  await writeFile(join(staged.folder, 'items.npy'), 'the item vectors');
  await writeFile(join(staged.folder, 'towers.safetensors'), 'the weights');
  ({ version } = await store.publish(staged, sampleFields));
  versionFolder = join(folder.path, 'versions', version);
});

describe('openArtifact', () => {
  it('opens a store, a version of it, and a copy of one under any name', async () => {
    const copy = join(folder.path, 'model');
    await cp(versionFolder, copy, { recursive: true });
    for (const [path, expected] of [
      [folder.path, versionFolder],
      [versionFolder, versionFolder],
      [join(folder.path, 'current'), join(folder.path, 'current')],
      [copy, copy],
    ]) {
      const artifact = await openArtifact(path);
      expect(artifact).toMatchObject({ version, folder: expected, manifest: sampleFields });
      expect(await readFile(artifact.path('items.npy'), 'utf8')).toBe('the item vectors');
    }
  });

  it('names the file that an artifact lacks', async () => {
    const artifact = await openArtifact(folder.path);
    expect(artifact.has('items.npy')).toBe(true);
    expect(artifact.has('toString')).toBe(false);
    await writeFile(join(versionFolder, 'hnsw.bin'), 'never published');
    expect(artifact.has('hnsw.bin')).toBe(false);
    expect(() => artifact.path('hnsw.bin')).toThrow(
      `The artifact ${versionFolder} has no hnsw.bin; train and publish it again.`,
    );
  });

  it('says what a path is not', async () => {
    const nothing = join(folder.path, 'nothing');
    await expect(openArtifact(nothing)).rejects.toMatchObject({
      code: 'ARTIFACT_FILE_INVALID',
      message: `${nothing} is neither a store of artifacts nor a version of one; give the --output of a training run.`,
    });
  });
});

describe('opening a version refuses', () => {
  const items = (): string => join(versionFolder, 'items.npy');
  const manifest = (): string => join(versionFolder, 'manifest.json');

  async function editManifest(change: Record<string, unknown>): Promise<void> {
    const json = JSON.parse(await readFile(manifest(), 'utf8')) as object;
    await writeFile(manifest(), JSON.stringify({ ...json, ...change }));
  }

  it.each<[string, FileFault, () => string, () => Promise<unknown>, string]>([
    ['a file that is missing', 'missing', items, () => rm(items()), 'cannot be read; copy the artifact again.'],
    [
      'a file that is short',
      'truncated',
      items,
      () => truncate(items(), 15),
      'has 15 bytes, but the manifest says 16; copy the artifact again.',
    ],
    [
      'a file that is long',
      'damaged',
      items,
      () => appendFile(items(), '!'),
      'has 17 bytes, but the manifest says 16; copy the artifact again.',
    ],
    [
      'a file with other bytes',
      'damaged',
      items,
      () => writeFile(items(), 'the item vector5'),
      'is not what was published: its checksum differs from the manifest; copy the artifact again.',
    ],
    [
      'a manifest that is missing',
      'missing',
      manifest,
      () => rm(manifest()),
      'cannot be read; copy the artifact again.',
    ],
    [
      'a manifest that is cut short',
      'damaged',
      manifest,
      () => truncate(manifest(), 30),
      'is not valid JSON; copy the artifact again.',
    ],
    [
      'a manifest of a newer format',
      'newer',
      manifest,
      () => writeFile(manifest(), '{"formatVersion": 2, "shards": []}'),
      'has format 2, but this release reads 1; upgrade Vector Recall.',
    ],
    [
      'a manifest with a wrong value',
      'damaged',
      manifest,
      () => editManifest({ dims: { embedding: 0 } }),
      'is not as it was written (dims.embedding: Too small: expected number to be >=1); copy it again.',
    ],
    [
      'a manifest that points out of the version',
      'damaged',
      manifest,
      () => editManifest({ files: { '../../promotions.json': { bytes: 1, sha256: '0'.repeat(64) } } }),
      'is not as it was written (files.../../promotions.json: Invalid key in record); copy it again.',
    ],
  ])('%s', async (_, fault, file, harm, message) => {
    await harm();
    const error: unknown = await store.open().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ArtifactFileError);
    expect(error).toMatchObject({ file: file(), fault, message: `${file()} ${message}` });
    expect(await store.currentVersion()).toBe(version);
  });

  it('a version under the name of another', async () => {
    const other = '20200101T000000Z-0000';
    await rename(versionFolder, join(folder.path, 'versions', other));
    await expect(store.open(other)).rejects.toMatchObject({
      fault: 'foreign',
      message: `${join(folder.path, 'versions', other)} holds the version ${version}; give the folder the name of its version.`,
    });
  });
});
