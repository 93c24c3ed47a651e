import { UsageError } from '@vector-recall/command-line';

/**
 * The vector of `--vector`: numbers with commas, or `@FILE.npy` that holds one.
 * @throws UsageError, ArtifactFileError
 */
export async function parseVector(text: string): Promise<Float32Array> {
  if (text.startsWith('@')) return readVector(text.slice(1));
  return Float32Array.from(parseNumbers('--vector', text, '; give numbers with commas, or @FILE.npy'));
}

/**
 * Numbers with commas.
 * @param hint what else could be given
 * @throws UsageError
 */
export function parseNumbers(flag: string, text: string, hint = '; give numbers with commas'): number[] {
  const parts = text.split(',').map((part) => part.trim());
  const wrong = parts.findIndex((part) => part === '' || !Number.isFinite(Number(part)));
  if (wrong === -1) return parts.map(Number);
  throw new UsageError(`Value ${wrong + 1} of ${flag} is "${parts[wrong]}", but it must be a number${hint}.`);
}

async function readVector(file: string): Promise<Float32Array> {
  const { readFloats } = await import('@vector-recall/model-store');
  const { shape, values } = await readFloats(file);
  if (shape.length === 1 || (shape.length === 2 && shape[0] === 1)) return values;
  throw new UsageError(`${file} has the shape [${shape.join(', ')}], but --vector takes one vector.`);
}
