import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeNpy, type IdColumn } from '@vector-recall/model-store';
import { ExportError } from '../errors';
import { integerIds, textIds } from './source';

/**
 * Writes ids as `<name>-ids.npy`, int64, or as `<name>-ids.txt`, one id a line, where they are text.
 * @returns the name of the file
 * @throws ExportError where an id holds a line break
 */
export async function writeIds(folder: string, name: string, ids: IdColumn): Promise<string> {
  if (ids.kind === 'integer') {
    const file = `${name}-ids.npy`;
    await writeNpy(join(folder, file), integerIds(ids, 0, ids.size));
    return file;
  }
  const texts = textIds(ids, 0, ids.size);
  const broken = texts.find((id) => id === '' || /[\r\n]/.test(id));
  if (broken !== undefined) {
    throw new ExportError(
      `The id ${JSON.stringify(broken)} can't stand on a line of its own; export as parquet or arrow.`,
    );
  }
  const file = `${name}-ids.txt`;
  await writeFile(join(folder, file), texts.map((id) => `${id}\n`).join(''));
  return file;
}
