import {
  artifactFiles,
  readCatalogue,
  readNpy,
  type Artifact,
  type Catalogue,
  type IdColumn,
} from '@vector-recall/model-store';

/** What is exported: an artifact whose files were verified, and what its rows are called. */
export interface ExportSource {
  readonly artifact: Artifact;
  readonly catalogue: Catalogue;
}

/** Writes files into a folder that nobody reads yet. */
export type WriteFormat = (source: ExportSource, folder: string) => Promise<void>;

export async function openSource(artifact: Artifact): Promise<ExportSource> {
  return { artifact, catalogue: await readCatalogue(artifact) };
}

/** The vectors of one side with their ids. */
export interface VectorTable {
  readonly name: 'items' | 'users';
  readonly ids: IdColumn;
  /** `[ids.size, dim]` */
  readonly values: Float32Array;
  readonly dim: number;
}

/** The vectors of items, and of users where the artifact knows users. One table is in memory at a time. */
export async function* vectorTables({ artifact, catalogue }: ExportSource): AsyncGenerator<VectorTable> {
  const sides = [
    { name: 'items', ids: catalogue.itemIds, file: artifactFiles.itemVectors },
    { name: 'users', ids: catalogue.userIds, file: artifactFiles.userVectors },
  ] as const;
  for (const { name, ids, file } of sides) {
    if (!artifact.has(file)) continue;
    const { values, shape } = await readNpy(artifact.path(file), 'float32');
    yield { name, ids, values, dim: shape[1] };
  }
}

/** The integer ids of rows `start .. end`. */
export function integerIds(ids: IdColumn, start: number, end: number): BigInt64Array {
  return BigInt64Array.from({ length: end - start }, (_, i) => BigInt(ids.idAt(start + i)));
}

/** The ids of rows `start .. end` as text. */
export function textIds(ids: IdColumn, start: number, end: number): string[] {
  return Array.from({ length: end - start }, (_, i) => String(ids.idAt(start + i)));
}
