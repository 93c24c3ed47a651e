import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { artifactFiles } from '@vector-recall/model-store';
import { writeIds } from './ids';
import type { WriteFormat } from './source';

/**
 * `index.bin` in hnswlib's own format, whose labels are row numbers, the ids of the rows, and `index.json` with what has
 * to be known to open it: space, dimension and efSearch.
 */
export const writeHnswlibFiles: WriteFormat = async ({ artifact, catalogue }, folder) => {
  await copyFile(artifact.path(artifactFiles.index), join(folder, 'index.bin'));
  const ids = await writeIds(folder, 'item', catalogue.itemIds);
  const meta: unknown = JSON.parse(await readFile(artifact.path(artifactFiles.indexMeta), 'utf8'));
  await writeFile(join(folder, 'index.json'), `${JSON.stringify({ ids, ...Object(meta) }, null, 2)}\n`);
};
