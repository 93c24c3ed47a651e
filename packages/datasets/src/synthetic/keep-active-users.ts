import { selectLabels, selectVectors } from '../columns/select-rows';
import { standardiseAll } from '../columns/standardise';
import type { Dataset } from '../dataset';
import type { NumbersField } from '../fields';
import { DatasetError } from '../errors';
import { groupByUser } from '../log/group-by-user';
import { selectRows } from '../vocabulary/vocabularies';

/** The dataset without the users that have fewer events than `least`. */
export function keepActiveUsers(dataset: Dataset, least: number): Dataset {
  const { interactions, users, truth } = dataset;
  const { userCount, itemCount, offsets, items, timestamps } = interactions;
  const keep = Int32Array.from(offsets.keys()).filter(
    (user) => user < userCount && offsets[user + 1] - offsets[user] >= least,
  );
  if (keep.length === userCount) return dataset;
  if (keep.length === 0) {
    throw new DatasetError('DATASET_EMPTY', `No user has ${least} interactions; lower data.minUserInteractions.`);
  }
  const newUserRows = new Int32Array(userCount).fill(-1);
  keep.forEach((user, row) => (newUserRows[user] = row));
  const userOfEvent = new Int32Array(items.length);
  for (let user = 0; user < userCount; user++) userOfEvent.fill(user, offsets[user], offsets[user + 1]);
  const events = { users: userOfEvent, items, timestamps };
  return {
    ...dataset,
    users: {
      vocabulary: selectRows(users.vocabulary, keep),
      fields: users.fields.map((field) => {
        if (field.kind === 'vectors') return selectVectors(field, keep);
        return field.kind === 'numbers' ? selectNumbers(field, keep) : selectLabels(field, keep);
      }),
    },
    interactions: groupByUser(events, { userCount: keep.length, itemCount, newUserRows }),
    truth: truth && {
      scoreItems: (row, out) => {
        truth.scoreItems(keep[row], out);
      },
    },
    notes: [...dataset.notes, `${userCount - keep.length} users with fewer than ${least} interactions were excluded.`],
  };
}

function selectNumbers({ names, width, values }: NumbersField, rows: Int32Array): NumbersField {
  const columns = names.map((name, place) => ({
    name,
    values: Float64Array.from(rows, (row) => values[row * width + place]),
  }));
  return standardiseAll(columns, rows.length);
}
