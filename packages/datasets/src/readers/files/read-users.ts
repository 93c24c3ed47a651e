import { CategoryBuilder } from '../../columns/labels';
import type { InputColumn } from '../../columns/standardise';
import { DatasetError } from '../../errors';
import { textAt } from '../../tables/values';
import type { DatasetBuilder } from '../dataset-builder';
import { describedRowAt, readRows, type ReadOptions } from '../reading';
import type { UsersDescription } from './description';
import { FeatureReader } from './feature-reader';
import { openTables } from './open-tables';

/** Each label becomes a column of the feature matrix: more than this is an id rather than a label. */
const MAX_LABELS = 256;

/** Reads the users that a description names: numbers as they are, labels as flags. */
export async function readUsers(
  folder: string,
  description: UsersDescription,
  builder: DatasetBuilder,
  onProgress: ReadOptions['onProgress'],
): Promise<InputColumn[]> {
  const { id, features, labels } = description;
  const numbers = new FeatureReader(features);
  const flags = labels.map((name) => ({ name, builder: new CategoryBuilder() }));
  const columns = [id, ...labels, ...features.map((feature) => feature.column)];
  for (const table of openTables(folder, description)) {
    await readRows(table, columns, onProgress, (block, row) => {
      const user = describedRowAt(block, row, 0, builder.users);
      flags.forEach((flag, index) => {
        flag.builder.set(user, textAt(block, row, 1 + index));
      });
      numbers.take(block, row, 1 + labels.length);
    });
  }
  builder.usersAreDescribed();
  const inputs = flags.flatMap((flag) => flag.builder.toInputs(flag.name, builder.users.size));
  for (const { name, labels: values } of inputs) {
    if (values.length <= MAX_LABELS) continue;
    throw new DatasetError(
      'DATASET_DESCRIPTION_INVALID',
      `users.labels: ${name} has ${values.length} different values, more than ${MAX_LABELS}; leave it out of dataset.yaml.`,
    );
  }
  return [...numbers.build(), ...inputs];
}
