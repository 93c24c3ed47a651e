import { createReadStream } from 'node:fs';
import {
  asyncBufferFromFile,
  parquetMetadataAsync,
  type FileMetaData,
  type RowGroup,
  type SchemaElement,
} from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import type { Id, IdKind, IdKinds, PartFormat, UserCandidates } from './format';

/** What every Parquet file begins and ends with. */
const MAGIC = Buffer.from('PAR1');

/**
 * One row a candidate: `user_id`, `rank` (from 1), `item_id`, `score` and `source`, sorted by user and rank. Ids are
 * INT64 or UTF-8 text, whichever they are in the catalogue.
 */
export const parquetFormat: PartFormat = {
  encode(users, kinds) {
    const writer = new ByteWriter();
    const rows = users.reduce((sum, { itemIds }) => sum + itemIds.length, 0);
    // Without page offsets and statistics, row groups can be moved to another file as they are.
    const file = new ParquetWriter({ writer, schema: schemaOf(kinds), statistics: false, createdBy: 'vector-recall' });
    void file.write({ columnData: columnsOf(users, rows, kinds), rowGroupSize: Math.max(1, rows) });
    void file.finish();
    return writer.getBytes();
  },
  join: joinParts,
};

function schemaOf({ users, items }: IdKinds): SchemaElement[] {
  const required = { repetition_type: 'REQUIRED' } as const;
  const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', ...required } as const;
  const idType = (kind: IdKind) => (kind === 'integer' ? ({ type: 'INT64', ...required } as const) : text);
  return [
    { name: 'candidates', num_children: 5 },
    { name: 'user_id', ...idType(users) },
    { name: 'rank', type: 'INT32', ...required },
    { name: 'item_id', ...idType(items) },
    { name: 'score', type: 'FLOAT', ...required },
    { name: 'source', ...text },
  ];
}

function columnsOf(users: readonly UserCandidates[], rows: number, kinds: IdKinds) {
  const userIds = idColumn(kinds.users, rows);
  const itemIds = idColumn(kinds.items, rows);
  const ranks = new Int32Array(rows);
  const scores = new Float32Array(rows);
  const sources = new Array<string>(rows);
  let row = 0;
  for (const user of users) {
    scores.set(user.scores, row);
    for (let rank = 0; rank < user.itemIds.length; rank++, row++) {
      userIds.set(row, user.userId);
      itemIds.set(row, user.itemIds[rank]);
      ranks[row] = rank + 1;
      sources[row] = user.source;
    }
  }
  const offsetIndex = false;
  return [
    { name: 'user_id', data: userIds.values, offsetIndex },
    { name: 'rank', data: ranks, offsetIndex },
    { name: 'item_id', data: itemIds.values, offsetIndex },
    // Scores hardly ever repeat: looking for a dictionary of them is time lost.
    { name: 'score', data: scores, encoding: 'PLAIN' as const, offsetIndex },
    { name: 'source', data: sources, offsetIndex },
  ];
}

function idColumn(kind: IdKind, rows: number) {
  if (kind === 'string') {
    const values = new Array<string>(rows);
    return { values, set: (row: number, id: Id) => void (values[row] = String(id)) };
  }
  const values = new BigInt64Array(rows);
  return { values, set: (row: number, id: Id) => void (values[row] = BigInt(id)) };
}

/** Copies the row groups of parts one behind the other and writes one footer that says where each of them is now. */
async function joinParts(parts: readonly string[], into: Parameters<PartFormat['join']>[1]): Promise<void> {
  await into.writeFile(MAGIC);
  let end = MAGIC.length;
  let first: FileMetaData | undefined;
  const rowGroups: RowGroup[] = [];
  for (const part of parts) {
    const file = await asyncBufferFromFile(part);
    const metadata = await parquetMetadataAsync(file);
    // The footer is followed by its length in four bytes and the magic number.
    const dataEnd = file.byteLength - metadata.metadata_length - 8;
    const pieces: AsyncIterable<Buffer> = createReadStream(part, { start: MAGIC.length, end: dataEnd - 1 });
    if (dataEnd > MAGIC.length) for await (const piece of pieces) await into.writeFile(piece);
    rowGroups.push(...metadata.row_groups.map((group) => moved(group, BigInt(end - MAGIC.length))));
    end += dataEnd - MAGIC.length;
    first ??= metadata;
  }
  if (first === undefined) throw new RangeError('A Parquet file is joined of at least one part.');
  const footer = new ByteWriter();
  const rows = rowGroups.reduce((sum, { num_rows }) => sum + num_rows, 0n);
  writeMetadata(footer, { ...first, num_rows: rows, row_groups: rowGroups });
  await into.writeFile(footer.getBytes());
  await into.writeFile(MAGIC);
}

/** A row group that lies so many bytes further on than in the file of its part. */
function moved(group: RowGroup, by: bigint): RowGroup {
  return {
    ...group,
    columns: group.columns.map((column) => ({
      ...column,
      file_offset: column.file_offset + by,
      meta_data: column.meta_data && {
        ...column.meta_data,
        data_page_offset: column.meta_data.data_page_offset + by,
        dictionary_page_offset: offsetBy(column.meta_data.dictionary_page_offset, by),
      },
    })),
  };
}

function offsetBy(offset: bigint | undefined, by: bigint): bigint | undefined {
  return offset === undefined ? undefined : offset + by;
}
