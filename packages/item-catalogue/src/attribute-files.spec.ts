import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeNpy } from '@vector-recall/model-store';
import { readAttributes, writeAttributes } from './attribute-files';
import { AttributeSchema } from './attribute-schema';
import { AttributeTable } from './attribute-table';

const schema = new AttributeSchema([
  { name: 'brand', kind: 'labels' },
  { name: 'price', kind: 'number' },
  { name: 'added', kind: 'date' },
]);
const records = [{ brand: ['x', 'y'], price: 19.99 }, {}, { brand: ['y'], added: 1_700_000_000.5 }];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attributes-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

function artifact(files: readonly string[] = ['attributes.json']) {
  return { has: (file: string) => files.includes(file), path: (file: string) => join(folder, file) };
}

describe('the attributes of an artifact', () => {
  it('come back as they were', async () => {
    await writeAttributes(folder, AttributeTable.fromRecords(schema, records));
    const table = await readAttributes(artifact(), 3);
    expect(table.schema.attributes).toEqual(schema.attributes);
    expect(records.map((_, row) => table.recordAt(row))).toEqual(records);
    const elsewhere = AttributeTable.fromParts(structuredClone(table.toParts()));
    expect(records.map((_, row) => elsewhere.recordAt(row))).toEqual(records);
  });

  it('are none where an older release wrote it', async () => {
    const table = await readAttributes(artifact([]), 3);
    expect([table.rowCount, table.schema.attributes]).toEqual([3, []]);
  });

  it.each<[string, () => Promise<void>]>([
    ['attribute-0-offsets.npy', () => writeNpy(join(folder, 'attribute-0-offsets.npy'), Int32Array.of(0, 2, 1, 3))],
    ['attribute-0-values.npy', () => writeNpy(join(folder, 'attribute-0-values.npy'), Int32Array.of(0, 1, 2))],
    ['attribute-1-values.npy', () => writeNpy(join(folder, 'attribute-1-values.npy'), Float64Array.of(1))],
  ])('refuse %s where it does not fit', async (file, change) => {
    await writeAttributes(folder, AttributeTable.fromRecords(schema, records));
    await change();
    await expect(readAttributes(artifact(), 3)).rejects.toMatchObject({
      code: 'ARTIFACT_FILE_INVALID',
      file: join(folder, file),
      message: `${join(folder, file)} does not fit attributes.json beside it; copy the artifact again.`,
    });
  });

  it('refuse other items and a newer format', async () => {
    await writeAttributes(folder, AttributeTable.fromRecords(schema, records));
    const file = join(folder, 'attributes.json');
    await expect(readAttributes(artifact(), 4)).rejects.toThrow(
      `${file} is of 3 items, but the catalogue has 4; publish again.`,
    );
    await writeFile(file, (await readFile(file, 'utf8')).replace('"formatVersion": 1', '"formatVersion": 2'));
    await expect(readAttributes(artifact(), 3)).rejects.toMatchObject({ fault: 'newer' });
  });
});
