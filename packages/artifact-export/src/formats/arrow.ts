import { join } from 'node:path';
import { writeAside } from '@vector-recall/core-config/files';
import {
  Field,
  FixedSizeList,
  Float32,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  Utf8,
  vectorFromArray,
  type Data,
} from 'apache-arrow';
import { integerIds, textIds, vectorTables, type VectorTable, type WriteFormat } from './source';

/** Rows of a record batch. */
const BATCH = 50_000;

/** `items.arrow` and `users.arrow`, Arrow's file format (Feather 2): `id`, and `vector`, a list of fixed size. */
export const writeArrowFiles: WriteFormat = async (source, folder) => {
  for await (const table of vectorTables(source)) {
    const pieces: AsyncIterable<Uint8Array> = RecordBatchFileWriter.writeAll(batchesOf(table));
    await writeAside(join(folder, `${table.name}.arrow`), async (handle) => {
      for await (const piece of pieces) await handle.writeFile(piece);
    });
  }
};

function* batchesOf({ ids, values, dim }: VectorTable): Generator<RecordBatch> {
  const idType = ids.kind === 'integer' ? new Int64() : new Utf8();
  const listType = new FixedSizeList(dim, new Field('item', new Float32(), false));
  const fields = [new Field('id', idType, false), new Field('vector', listType, false)];
  const schema = new Schema(fields);
  for (let start = 0; start < ids.size; start += BATCH) {
    const end = Math.min(ids.size, start + BATCH);
    const length = end - start;
    const floats = makeData({ type: new Float32(), data: values.subarray(start * dim, end * dim) });
    const children: Data[] = [
      ids.kind === 'integer'
        ? makeData({ type: new Int64(), data: integerIds(ids, start, end) })
        : vectorFromArray(textIds(ids, start, end), new Utf8()).data[0],
      makeData({ type: listType, length, nullCount: 0, child: floats }),
    ];
    yield new RecordBatch(schema, makeData({ type: new Struct(fields), length, nullCount: 0, children }));
  }
}
