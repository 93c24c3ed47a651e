import { UsageError } from '@vector-recall/command-line';

/**
 * The vector of `--vector`: numbers with commas, or `@FILE.npy` that holds one.
 * @throws UsageError, ArtifactFileError
 */
export async function parseVector(text: string): Promise<Float32Array> {
  if (text.startsWith('@')) return readVector(text.slice(1));
  const parts = text.split(',').map((part) => part.trim());
  const wrong = parts.findIndex((part) => part === '' || !Number.isFinite(Number(part)));
  if (wrong === -1) return Float32Array.from(parts, Number);
  throw new UsageError(
    `Value ${wrong + 1} of --vector is "${parts[wrong]}", but it must be a number; give numbers with commas, or @FILE.npy.`,
  );
}

async function readVector(file: string): Promise<Float32Array> {
  const { readFloats } = await import('@vector-recall/model-store');
  const { shape, values } = await readFloats(file);
  if (shape.length === 1 || (shape.length === 2 && shape[0] === 1)) return values;
  throw new UsageError(`${file} has the shape [${shape.join(', ')}], but --vector takes one vector.`);
}
