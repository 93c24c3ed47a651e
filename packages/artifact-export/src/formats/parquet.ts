import { join } from 'node:path';
import type { SchemaElement } from 'hyparquet';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import { integerIds, textIds, vectorTables, type VectorTable, type WriteFormat } from './source';

/** Rows of a row group, which is what is encoded in memory at a time. */
const GROUP = 10_000;

/** `items.parquet` and `users.parquet` with the columns `id` and `vector`, a list of float. */
export const writeParquetFiles: WriteFormat = async (source, folder) => {
  for await (const table of vectorTables(source)) {
    const writer = fileWriter(join(folder, `${table.name}.parquet`));
    const file = new ParquetWriter({ writer, schema: schemaOf(table), createdBy: 'vector-recall' });
    for (let start = 0; start < table.ids.size; start += GROUP) {
      await file.write({ columnData: columnsOf(table, start), rowGroupSize: GROUP });
    }
    await file.finish();
  }
};

function schemaOf({ ids }: VectorTable): SchemaElement[] {
  const id =
    ids.kind === 'integer' ? ({ type: 'INT64' } as const) : ({ type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const);
  return [
    { name: 'vectors', num_children: 2 },
    { name: 'id', ...id, repetition_type: 'REQUIRED' },
    { name: 'vector', repetition_type: 'REQUIRED', num_children: 1, converted_type: 'LIST' },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' },
  ];
}

function columnsOf({ ids, values, dim }: VectorTable, start: number) {
  const end = Math.min(ids.size, start + GROUP);
  const vectors = Array.from({ length: end - start }, (_, i) =>
    Array.from(values.subarray((start + i) * dim, (start + i + 1) * dim)),
  );
  return [
    { name: 'id', data: ids.kind === 'integer' ? integerIds(ids, start, end) : textIds(ids, start, end) },
    { name: 'vector', data: vectors, encoding: 'PLAIN' as const, statistics: false },
  ];
}
