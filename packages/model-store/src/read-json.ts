import { z } from 'zod';
import { ArtifactFileError } from './errors';
import { withRegular } from './store/regular-file';

const versioned = z.looseObject({ formatVersion: z.int() });

/**
 * Reads a JSON file that carries a `formatVersion`.
 *
 * @param format the one that this release reads
 * @throws ArtifactFileError
 */
export async function readVersionedJson<T>(file: string, schema: z.ZodType<T>, format: number): Promise<T> {
  return parseVersionedJson(file, await readText(file), schema, format);
}

/**
 * The same of a text that was read already.
 * @param file what errors call it
 * @throws ArtifactFileError
 */
export function parseVersionedJson<T>(file: string, text: string, schema: z.ZodType<T>, format: number): T {
  const json = parse(file, text);
  const found = versioned.safeParse(json).data?.formatVersion;
  // Looked at first: the rest of a newer file may be anything.
  if (found !== undefined && found > format) {
    throw new ArtifactFileError(
      file,
      'newer',
      `${file} has format ${found}, but this release reads ${format}; upgrade Vector Recall.`,
    );
  }
  if (found !== undefined && found < format) {
    throw new ArtifactFileError(
      file,
      'older',
      `${file} has format ${found}, but this release reads ${format}; train and publish again.`,
    );
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  const where = path.length > 0 ? `${path.join('.')}: ` : '';
  throw new ArtifactFileError(file, 'damaged', `${file} is not as it was written (${where}${message}); copy it again.`);
}

async function readText(file: string): Promise<string> {
  return withRegular(file, (handle) => handle.readFile('utf8'));
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ArtifactFileError(file, 'damaged', `${file} is not valid JSON; copy the artifact again.`, { cause });
  }
}
