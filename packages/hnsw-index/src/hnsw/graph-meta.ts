import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { IndexFileError } from '../errors';

/** Raised when an older reader would misread a newer index. */
export const formatVersion = 1;

const metaSchema = z.object({
  formatVersion: z.literal(formatVersion),
  engine: z.literal('hnswlib'),
  space: z.enum(['cosine', 'ip', 'l2']),
  dim: z.int().min(1),
  count: z.int().min(1),
  m: z.int().min(2),
  efConstruction: z.int().min(1),
  efSearch: z.int().min(1),
  /** How `efSearch` was chosen, where it was measured: the recall by length of the list, `recall@K`. */
  tuning: z
    .object({ targetRecall: z.number(), recall: z.record(z.string(), z.number()), isReached: z.boolean() })
    .optional(),
  bytes: z.int().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** What hnswlib's own format does not say of a graph, and the checksum of its file. */
export type GraphMeta = z.output<typeof metaSchema>;

/** How a graph is to be searched. */
export type SearchSettings = Pick<GraphMeta, 'efSearch' | 'tuning'>;

/** @throws IndexFileError */
export async function readMeta(file: string): Promise<GraphMeta> {
  const json = parse(file, await readText(file));
  const version = z.looseObject({ formatVersion: z.int() }).safeParse(json);
  if (version.success && version.data.formatVersion > formatVersion) {
    throw new IndexFileError(
      file,
      'newer',
      `${file} has format ${version.data.formatVersion}, but this release reads up to ${formatVersion}; ` +
        'upgrade Vector Recall or build the index again.',
    );
  }
  const meta = metaSchema.safeParse(json);
  if (meta.success) return meta.data;
  const { path, message } = meta.error.issues[0];
  const where = path.length > 0 ? `${path.join('.')}: ` : '';
  throw new IndexFileError(file, 'damaged', `${file} does not describe an index (${where}${message}); build it again.`);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new IndexFileError(file, 'missing', `${file} cannot be read; build the index first.`, { cause });
  }
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new IndexFileError(file, 'damaged', `${file} is not valid JSON; copy or build the index again.`, { cause });
  }
}
