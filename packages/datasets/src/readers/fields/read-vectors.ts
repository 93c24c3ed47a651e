import { basename, extname, resolve } from 'node:path';
import { ArtifactFileError, readFloats, readIntegers } from '@vector-recall/model-store';
import type { VectorColumn } from '../../columns/vectors';
import { DatasetError } from '../../errors';
import { exists } from '../../tables/files';
import { readText } from '../../tables/text-chunks';
import type { VectorsDescription } from '../files/fields-description';

/**
 * Reads vectors and the ids that they are of: a `.npy` matrix of floats, and a text file with an id on each line or a
 * `.npy` file of integers. Paths are relative to the folder.
 *
 * @throws DatasetError where a file is missing, or is not what it is given for
 */
export async function readVectors(folder: string, description: VectorsDescription): Promise<VectorColumn> {
  const file = resolve(folder, description.file);
  const ids = await readIds(resolve(folder, description.ids));
  const { shape, values } = await opened(file, readFloats);
  const [rows, width] = shape;
  if (shape.length !== 2 || width === 0) {
    throw invalid(file, `the array has the shape [${shape.join(', ')}]; give one row for each id.`);
  }
  if (rows !== ids.length) {
    throw invalid(
      file,
      `there are ${rows} vectors, but ${ids.length} ids in ${description.ids}; give one id for each.`,
    );
  }
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    const row = Math.floor(wrong / width);
    throw invalid(file, `row ${row}, of ${ids[row]}, holds ${values[wrong]}; vectors must be finite float32 numbers.`);
  }
  return { name: description.name ?? basename(file, extname(file)), file: basename(file), ids, width, values };
}

async function readIds(file: string): Promise<(number | string)[]> {
  if (extname(file) === '.npy') {
    const { shape, values } = await opened(file, readIntegers);
    if (shape.length !== 1) throw invalid(file, `ids must be a list, but the shape is [${shape.join(', ')}].`);
    return [...values];
  }
  await checkExists(file);
  const lines = (await readText(file)).split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => line.trim());
}

async function opened<Result>(file: string, read: (file: string) => Promise<Result>): Promise<Result> {
  await checkExists(file);
  try {
    return await read(file);
  } catch (error) {
    if (error instanceof ArtifactFileError) throw invalid(file, error.message.replace(`${file} `, 'this file '));
    throw error;
  }
}

async function checkExists(file: string): Promise<void> {
  if (await exists(file)) return;
  throw new DatasetError('DATASET_FILE_MISSING', 'this file does not exist; check the path.', { file });
}

function invalid(file: string, message: string): DatasetError {
  return new DatasetError('DATASET_FILE_UNREADABLE', message, { file });
}
