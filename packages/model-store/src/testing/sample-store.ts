import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StagedArtifact } from '../store/artifact';
import { ModelStore } from '../store/model-store';
import { sampleFields } from './sample-fields';
import { useTemporaryFolder } from './temporary-folder';

export interface SampleStore {
  readonly folder: { readonly path: string };
  readonly store: ModelStore;
  readonly stageFiles: (files?: Record<string, string>) => Promise<StagedArtifact>;
  /** Publishes a version, a second after the last. */
  readonly publish: (text?: string, options?: { readonly promote?: boolean }) => Promise<string>;
}

/** An empty store for each test, whose clock stands still but for {@link SampleStore.publish}. */
export function useSampleStore(): SampleStore {
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

  return {
    folder,
    get store() {
      return store;
    },
    stageFiles,
    publish: async (text = 'hello', options) => {
      time += 1000;
      const { version } = await store.publish(await stageFiles({ 'a.txt': text }), sampleFields, options);
      return version;
    },
  };
}
