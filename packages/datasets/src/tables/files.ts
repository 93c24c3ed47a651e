import { access } from 'node:fs/promises';
import { types } from 'node:util';
import { DatasetError } from '../errors';

export async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
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
