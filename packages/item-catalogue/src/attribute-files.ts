import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ArtifactFileError, artifactFiles, readNpy, readVersionedJson, writeNpy } from '@vector-recall/model-store';
import { z } from 'zod';
import { attributeKinds, AttributeSchema, type Attribute } from './attribute-schema';
import { AttributeTable } from './attribute-table';
import { LabelsColumn, NumbersColumn, type Column } from './columns';

const formatVersion = 1;

const attribute = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('labels'), name: z.string().min(1), labels: z.array(z.string()) }),
  z.object({ kind: z.enum(attributeKinds).exclude(['labels']), name: z.string().min(1) }),
]);

const metaSchema = z.object({
  formatVersion: z.literal(formatVersion),
  items: z.int().min(0),
  attributes: z.array(attribute),
});

type AttributeMeta = z.output<typeof attribute>;

/** Writes a table into the folder of an artifact that is being made. */
export async function writeAttributes(folder: string, table: AttributeTable): Promise<void> {
  const { schema, columns, rowCount } = table;
  const attributes = schema.attributes.map((entry, place) => metaOf(entry, columns[place]));
  const meta: z.output<typeof metaSchema> = { formatVersion, items: rowCount, attributes };
  await writeFile(join(folder, artifactFiles.attributes), `${JSON.stringify(meta, null, 2)}\n`);
  for (const [place, column] of columns.entries()) {
    if (column.kind === 'labels') await writeNpy(join(folder, fileOf(place, 'offsets')), column.offsets);
    await writeNpy(join(folder, fileOf(place, 'values')), column.values);
  }
}

/** What {@link readAttributes} needs of an artifact. */
interface AttributeFolder {
  has(file: string): boolean;
  /** @throws ArtifactFileError where the artifact does not list the file */
  path(file: string): string;
}

/**
 * Reads the attributes of an artifact; one of an older release has none.
 * @param rowCount items of the catalogue
 * @throws ArtifactFileError
 */
export async function readAttributes(artifact: AttributeFolder, rowCount: number): Promise<AttributeTable> {
  if (!artifact.has(artifactFiles.attributes)) return AttributeTable.empty(rowCount);
  const file = artifact.path(artifactFiles.attributes);
  const { items, attributes } = await readVersionedJson(file, metaSchema, formatVersion);
  if (items !== rowCount) {
    throw damaged(file, `${file} is of ${items} items, but the catalogue has ${rowCount}; publish again.`);
  }
  const columns: Column[] = [];
  for (const [place, meta] of attributes.entries()) {
    columns.push(await readColumn(meta, rowCount, (part) => artifact.path(fileOf(place, part))));
  }
  return new AttributeTable(
    new AttributeSchema(attributes.map(({ name, kind }) => ({ name, kind }))),
    columns,
    rowCount,
  );
}

function fileOf(place: number, part: 'values' | 'offsets'): string {
  return `attribute-${place}-${part}.npy`;
}

function metaOf({ name, kind }: Attribute, column: Column): AttributeMeta {
  if (column.kind === 'labels') return { kind: column.kind, name, labels: [...column.labels] };
  return { kind: kind === 'date' ? 'date' : 'number', name };
}

async function readColumn(
  meta: AttributeMeta,
  rowCount: number,
  pathOf: (part: 'values' | 'offsets') => string,
): Promise<Column> {
  if (meta.kind !== 'labels') {
    const file = pathOf('values');
    const { values } = await readNpy(file, 'float64');
    if (values.length !== rowCount) throw misfit(file);
    return new NumbersColumn(meta.kind, values);
  }
  const offsets = (await readNpy(pathOf('offsets'), 'int32')).values;
  const values = (await readNpy(pathOf('values'), 'int32')).values;
  const isAscending = offsets.every((offset, i) => i === 0 || offset >= offsets[i - 1]);
  if (offsets.length !== rowCount + 1 || offsets[0] !== 0 || offsets[rowCount] !== values.length || !isAscending) {
    throw misfit(pathOf('offsets'));
  }
  if (!values.every((label) => label >= 0 && label < meta.labels.length)) throw misfit(pathOf('values'));
  return new LabelsColumn(meta.labels, offsets, values);
}

function misfit(file: string): ArtifactFileError {
  return damaged(file, `${file} does not fit ${artifactFiles.attributes} beside it; copy the artifact again.`);
}

function damaged(file: string, message: string): ArtifactFileError {
  return new ArtifactFileError(file, 'damaged', message);
}
