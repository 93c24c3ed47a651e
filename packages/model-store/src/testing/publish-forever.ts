import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelStore } from '../store/model-store';
import { sampleFields } from './sample-fields';

/** A program that publishes one version after another into the store that it is given, and says so, until it is killed. */
async function publishForever(root: string): Promise<never> {
  const store = new ModelStore(root);
  process.stdout.write('ready\n');
  for (;;) {
    const staged = await store.stage();
    for (const file of ['towers.safetensors', 'items.npy', 'hnsw.bin']) {
      await writeFile(join(staged.folder, file), randomBytes(300_000));
    }
    await store.publish(staged, sampleFields);
    process.stdout.write('published\n');
  }
}

void publishForever(process.argv[2]);
