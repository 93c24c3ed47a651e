import type { Attributes } from '../../columns/attributes';
import type { DatasetBuilder } from '../dataset-builder';
import { createFieldReaders } from '../fields/create-field-readers';
import { FlagsReader } from '../fields/flags-reader';
import type { ReadOptions } from '../reading';
import type { UsersDescription } from './description';
import { readDescribed } from './read-described';

/** Reads the users that a description names. */
export async function readUsers(
  folder: string,
  description: UsersDescription,
  builder: DatasetBuilder,
  onProgress: ReadOptions['onProgress'],
): Promise<Attributes> {
  const flags = description.labels.map((column) => new FlagsReader(column));
  const readers = [...createFieldReaders(description), ...flags];
  const attributes = await readDescribed(folder, description, readers, {
    vocabulary: builder.users,
    notes: builder.notes,
    onProgress,
  });
  builder.usersAreDescribed();
  return attributes;
}
