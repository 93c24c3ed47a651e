import { basename, resolve } from 'node:path';
import type { Dataset } from '../../dataset';
import { idRowAt, numberAt, secondsAt } from '../../tables/values';
import { DatasetBuilder } from '../dataset-builder';
import { readRows, type ReadOptions } from '../reading';
import type { InteractionsDescription } from './description';
import { openTables } from './open-tables';
import { readDescription } from './read-description';
import { readItems } from './read-items';
import { readUsers } from './read-users';

/** Reads the files that a folder's `dataset.yaml` describes. */
export async function readFiles(folder: string, options: ReadOptions): Promise<Dataset> {
  const description = await readDescription(folder);
  const builder = new DatasetBuilder();
  const userFeatures = description.users && (await readUsers(folder, description.users, builder, options.onProgress));
  const items = description.items && (await readItems(folder, description.items, builder, options.onProgress));
  await readInteractions(folder, description.interactions, builder, options.onProgress);
  return builder.build({
    name: description.name ?? basename(resolve(folder)),
    minUserInteractions: options.minUserInteractions,
    userFeatures,
    items: items?.(builder.items.size),
  });
}

async function readInteractions(
  folder: string,
  description: InteractionsDescription,
  builder: DatasetBuilder,
  onProgress: ReadOptions['onProgress'],
): Promise<void> {
  const { user, item, timestamp, keep } = description;
  const columns = [user, item];
  const timeAt = timestamp === undefined ? -1 : columns.push(timestamp.column) - 1;
  const keepAt = keep === undefined ? -1 : columns.push(keep.column) - 1;
  let dropped = 0;
  if (timestamp === undefined) {
    builder.notes.push('The log has no timestamps; the order of its rows counts as the order in time.');
  }
  for (const table of openTables(folder, description)) {
    await readRows(table, columns, onProgress, (block, row) => {
      if (keep !== undefined && numberAt(block, row, keepAt) < keep.atLeast) {
        dropped++;
        return;
      }
      const userRow = idRowAt(block, row, 0, builder.users);
      const itemRow = idRowAt(block, row, 1, builder.items);
      const seconds = timestamp === undefined ? builder.log.length : secondsAt(block, row, timeAt, timestamp.unit);
      builder.log.push(userRow, itemRow, seconds);
    });
  }
  if (keep !== undefined && dropped > 0) {
    builder.notes.push(`${dropped} interactions with ${keep.column} below ${keep.atLeast} were left out.`);
  }
}
