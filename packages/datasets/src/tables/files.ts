import { createReadStream } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { types } from 'node:util';
import { DatasetError } from '../errors';

export type TextEncoding = 'utf8' | 'latin1';

export async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

export async function readText(file: string, encoding: TextEncoding = 'utf8'): Promise<string> {
  try {
    return await readFile(file, encoding);
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** The error for a file that could not be read; a DatasetError passes through. */
export function unreadable(file: string, error: unknown): DatasetError {
  if (error instanceof DatasetError) return error;
  // Errors of Node's own modules fail `instanceof` in a realm of its own, such as jest's.
  const isError = types.isNativeError(error);
  const code = isError && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') {
    return new DatasetError('DATASET_FILE_MISSING', 'this file does not exist; check the path.', { file });
  }
  const reason = code === 'EISDIR' ? 'it is a folder' : isError ? error.message : String(error);
  return new DatasetError('DATASET_FILE_UNREADABLE', `this file can't be read: ${reason.replace(/\.$/, '')}.`, {
    file,
  });
}

/** The first line of a UTF-8 file without its end, empty for an empty file. */
export async function readFirstLine(file: string): Promise<string> {
  try {
    let text = '';
    for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 4096 })) {
      text += String(chunk);
      if (text.includes('\n')) break;
    }
    return text.replace(/^\uFEFF/, '').split(/\r?\n/, 1)[0];
  } catch (error) {
    throw unreadable(file, error);
  }
}
