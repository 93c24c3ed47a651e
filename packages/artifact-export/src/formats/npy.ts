import { join } from 'node:path';
import { writeNpy } from '@vector-recall/model-store';
import { writeIds } from './ids';
import { vectorTables, type WriteFormat } from './source';

/** `items.npy` and `users.npy`, float32, row i the vector of line or entry i of the ids beside it. */
export const writeNpyFiles: WriteFormat = async (source, folder) => {
  for await (const { name, ids, values, dim } of vectorTables(source)) {
    await writeNpy(join(folder, `${name}.npy`), values, [ids.size, dim]);
    await writeIds(folder, name.slice(0, -1), ids);
  }
};
