import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configSchema } from '@vector-recall/core-config';
import { artifactFiles, ModelStore, writeNpy } from '@vector-recall/model-store';
import { NoModelError } from '../errors';
import { rebuildIndex } from './artifact-commands';
import { openStoredModel } from './stored-model';

let output: string;
beforeEach(async () => {
  output = await mkdtemp(join(tmpdir(), 'stored-model-'));
});
afterEach(async () => {
  await rm(output, { recursive: true });
});

it('says of an artifact of vectors alone that it holds no model', async () => {
  const store = new ModelStore(output);
  const staged = await store.stage();
  await writeNpy(join(staged.folder, artifactFiles.itemVectors), Float32Array.of(1, 2), [1, 2]);
  const counts = { users: 0, items: 1, interactions: 0 };
  const { version } = await store.publish(staged, { dims: { embedding: 2 }, counts, config: {}, metrics: {} });
  const error = new NoModelError(version);
  await expect(openStoredModel(output, undefined)).rejects.toEqual(error);
  await expect(rebuildIndex(configSchema.parse({ runtime: { output } }))).rejects.toEqual(error);
  expect(error.message).toBe(
    `The version ${version} holds vectors of another model and none of ours; vector-recall index build and index search ` +
      'work on it.',
  );
});
