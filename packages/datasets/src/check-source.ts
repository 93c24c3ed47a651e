import { stat } from 'node:fs/promises';
import type { DataConfig } from '@vector-recall/core-config';
import { DatasetError } from './errors';
import { readDescription } from './readers/files/read-description';
import { unreadable } from './tables/files';

/**
 * Checks what can be known of a source without reading its rows: that the folder is there, and that its description is
 * right. It takes no time, so a wrong path is told before anything slow begins.
 *
 * @throws DatasetError
 */
export async function checkSource({ source }: Pick<DataConfig, 'source'>): Promise<void> {
  const match = /^(movielens|recbole|files):(.+)$/.exec(source);
  if (match === null) return;
  const [, kind, folder] = match;
  if (!(await isFolder(folder))) {
    throw new DatasetError('DATASET_FILE_MISSING', 'this is a file; give the folder that holds it.', { file: folder });
  }
  if (kind === 'files') await readDescription(folder);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    const problem = unreadable(path, error);
    if (problem.code !== 'DATASET_FILE_MISSING') throw problem;
    throw new DatasetError('DATASET_FILE_MISSING', 'this folder does not exist; check the path.', { file: path });
  }
}
