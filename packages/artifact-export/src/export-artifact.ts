import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { errnoOf, usingFile } from '@vector-recall/core-config/files';
import type { Artifact } from '@vector-recall/model-store';
import { ExportError } from './errors';
import { writeArrowFiles } from './formats/arrow';
import { writeHnswlibFiles } from './formats/hnswlib';
import { writeNpyFiles } from './formats/npy';
import { writeParquetFiles } from './formats/parquet';
import { openSource, type WriteFormat } from './formats/source';
import { writeTarFile } from './formats/tar';
import { writeSafetensorsFile } from './formats/weights';
import { writeOnnxFiles } from './onnx/write-onnx';

const formats = {
  npy: writeNpyFiles,
  parquet: writeParquetFiles,
  arrow: writeArrowFiles,
  safetensors: writeSafetensorsFile,
  onnx: writeOnnxFiles,
  hnswlib: writeHnswlibFiles,
  tar: writeTarFile,
} as const satisfies Record<string, WriteFormat>;

export type ExportFormat = keyof typeof formats;

export const exportFormats = Object.keys(formats) as readonly ExportFormat[];

export interface ExportReport {
  readonly version: string;
  readonly format: ExportFormat;
  readonly folder: string;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}

/**
 * Writes a part of an artifact in a format that other tools read, into a folder that is new or empty. The folder
 * appears when all its files are whole.
 *
 * @throws ExportError, FileError, ArtifactFileError, CatalogueError, WeightFileError
 */
export async function exportArtifact(artifact: Artifact, format: ExportFormat, out: string): Promise<ExportReport> {
  const folder = resolve(out);
  await checkEmpty(folder);
  const aside = `${folder}.aside-${process.pid}`;
  const source = await openSource(artifact);
  return usingFile(folder, 'written', async () => {
    try {
      await mkdir(dirname(folder), { recursive: true });
      await mkdir(aside);
      await formats[format](source, aside);
      const names = (await readdir(aside)).sort();
      const files = await Promise.all(
        names.map(async (name) => ({ name, bytes: (await stat(join(aside, name))).size })),
      );
      await rename(aside, folder);
      return { version: artifact.version, format, folder, files };
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  });
}

async function checkEmpty(folder: string): Promise<void> {
  try {
    if ((await readdir(folder)).length === 0) return;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return;
    throw error;
  }
  throw new ExportError(`${folder} is not empty; give a folder that is new or empty.`);
}
