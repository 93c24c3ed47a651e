import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { usingFile } from '@vector-recall/core-config/files';
import { z } from 'zod';
import { TuningError } from '../errors';

const header = z.object({ search: z.record(z.string(), z.string()) });

const line = z.object({
  trial: z.int().min(0),
  epochs: z.int().min(1),
  score: z.number().min(0).max(1),
  seconds: z.number().min(0),
  values: z.record(z.string(), z.union([z.number(), z.string()])),
});

/** One training of a search, as a line of its file. */
export type TrialRecord = z.output<typeof line>;

/** What a search depends on; a file goes on only under the same. */
export type SearchIdentity = Readonly<Record<string, string>>;

/**
 * The trainings of a file that are done, none where there is no file.
 * @throws TuningError when it is damaged or of another search
 */
export async function readTrials(file: string, identity: SearchIdentity): Promise<TrialRecord[]> {
  if (!existsSync(file)) return [];
  const text = await usingFile(file, 'read', () => readFile(file, 'utf8'));
  let found: SearchIdentity;
  let records: TrialRecord[];
  try {
    const [first, ...rest] = text
      .trimEnd()
      .split('\n')
      .map((each): unknown => JSON.parse(each));
    found = header.parse(first).search;
    records = rest.map((each) => line.parse(each));
  } catch (error) {
    throw new TuningError(`${file} is damaged; delete it to search anew.`, { cause: error });
  }
  const names = [...new Set([...Object.keys(found), ...Object.keys(identity)])];
  const name = names.find((each) => found[each] !== identity[each]);
  if (name === undefined) return records;
  throw new TuningError(
    `${file} is of a search in which ${name} was ${found[name] ?? 'absent'}, and now it is ${identity[name] ?? 'absent'}; ` +
      'give the options of that search, or another file.',
  );
}

/** Writes all lines aside, to the disk, and renames: a reader finds the file before or after, never half of it. */
export async function writeTrials(
  file: string,
  identity: SearchIdentity,
  records: readonly TrialRecord[],
): Promise<void> {
  await writeAside(file, [{ search: identity }, ...records].map((each) => `${JSON.stringify(each)}\n`).join(''));
}

/** @throws FileError */
export async function writeAside(file: string, text: string): Promise<void> {
  await usingFile(file, 'written', async () => {
    await mkdir(dirname(file), { recursive: true });
    const aside = `${file}.unfinished`;
    const handle = await open(aside, 'w');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, file);
  });
}
