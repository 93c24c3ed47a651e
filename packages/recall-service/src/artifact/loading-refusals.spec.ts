import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HnswIndex } from '@vector-recall/hnsw-index';
import { writeNpy } from '@vector-recall/model-store';
import { ArtifactMismatchError } from '../errors';
import { publishSmallWorld, smallConfig } from '../testing/small-world';
import { VectorRecallService } from '../vector-recall-service';

const folders: string[] = [];

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'loading-'));
  folders.push(folder);
  return folder;
}

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

describe('loading refuses', () => {
  it('an artifact that was changed after it was published', async () => {
    const root = await temporaryFolder();
    const { version } = await publishSmallWorld(root);
    const file = join(root, 'versions', version, 'users.npy');
    await appendFile(file, 'x');
    await expect(VectorRecallService.fromArtifact(root)).rejects.toMatchObject({ code: 'ARTIFACT_FILE_INVALID', file });
  });

  it('an artifact without towers', async () => {
    const root = await temporaryFolder();
    await publishSmallWorld(root, { harm: (folder) => rm(join(folder, 'towers.safetensors')) });
    await expect(VectorRecallService.fromArtifact(root)).rejects.toThrow(
      /^The artifact .* has no towers\.safetensors; train and publish it again\.$/,
    );
  });

  it('user vectors of another width', async () => {
    const root = await temporaryFolder();
    const { version } = await publishSmallWorld(root, {
      harm: (folder) => writeNpy(join(folder, 'users.npy'), new Float32Array(48).fill(1), [12, 4]),
    });
    const loading = VectorRecallService.fromArtifact(root);
    await expect(loading).rejects.toBeInstanceOf(ArtifactMismatchError);
    await expect(loading).rejects.toMatchObject({
      code: 'RECALL_ARTIFACT_MISMATCH',
      message:
        `${join(root, 'versions', version, 'users.npy')} has the shape [12, 4], but there are 12 users and the index has ` +
        '8 dimensions; train and publish again.',
    });
  });

  it('an index of other items', async () => {
    const root = await temporaryFolder();
    const config = { m: 4, efConstruction: 20, efSearch: 10 };
    const { version } = await publishSmallWorld(root, {
      harm: async (folder) => {
        const other = await HnswIndex.build(
          new Float32Array(5 * smallConfig.embeddingDim).fill(1),
          smallConfig.embeddingDim,
          { config, seed: 1 },
        );
        await other.save(folder);
      },
    });
    await expect(VectorRecallService.fromArtifact(root)).rejects.toThrow(
      `${join(root, 'versions', version, 'hnsw.bin')} holds 5 items, but the catalogue has 60; build the index again.`,
    );
  });
});
