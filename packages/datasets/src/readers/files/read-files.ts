import { basename, resolve } from 'node:path';
import type { Dataset } from '../../dataset';
import { DatasetBuilder } from '../dataset-builder';
import type { ReadOptions } from '../reading';
import { readDescription } from './read-description';
import { readInteractions } from './read-interactions';
import { readItems } from './read-items';
import { readUsers } from './read-users';

/** Reads the files that a folder's `dataset.yaml` describes. */
export async function readFiles(folder: string, options: ReadOptions): Promise<Dataset> {
  const description = await readDescription(folder);
  const builder = new DatasetBuilder();
  const users = description.users && (await readUsers(folder, description.users, builder, options.onProgress));
  const items = description.items && (await readItems(folder, description.items, builder, options.onProgress));
  const log = await readInteractions(folder, description.interactions, builder, options.onProgress);
  return builder.build({
    name: description.name ?? basename(resolve(folder)),
    minUserInteractions: options.minUserInteractions,
    users,
    items,
    log,
    repeats: description.interactions.repeats,
  });
}
