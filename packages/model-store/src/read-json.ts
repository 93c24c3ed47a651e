import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ArtifactFileError } from './errors';

const versioned = z.looseObject({ formatVersion: z.int() });

/**
 * Reads a JSON file that carries a `formatVersion`.
 *
 * @param newest the latest format that this release reads
 * @throws ArtifactFileError
 */
export async function readVersionedJson<T>(file: string, schema: z.ZodType<T>, newest: number): Promise<T> {
  const json = parse(file, await readText(file));
  const format = versioned.safeParse(json);
  // Looked at first: the rest of a newer file may be anything.
  if (format.success && format.data.formatVersion > newest) {
    throw new ArtifactFileError(
      file,
      'newer',
      `${file} has format ${format.data.formatVersion}, but this release reads up to ${newest}; upgrade Vector Recall.`,
    );
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  const where = path.length > 0 ? `${path.join('.')}: ` : '';
  throw new ArtifactFileError(file, 'damaged', `${file} is not as it was written (${where}${message}); copy it again.`);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new ArtifactFileError(file, 'missing', `${file} can not be read; copy the artifact again.`, { cause });
  }
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ArtifactFileError(file, 'damaged', `${file} is not valid JSON; copy the artifact again.`, { cause });
  }
}
