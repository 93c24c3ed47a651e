import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ArtifactFileError } from '../errors';
import { useTemporaryFolder } from '../testing/temporary-folder';
import { readLines } from './read-lines';
import { writeLines } from './write-lines';

const folder = useTemporaryFolder();
const file = (): string => join(folder.path, 'lines.jsonl');
const schema = z.object({ id: z.string() });

async function readAll(): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const block of readLines(file(), schema)) values.push(...block);
  return values;
}

describe('JSON lines', () => {
  it('keep every character that an id may hold', async () => {
    const values = [
      'plain',
      'line\nfeed',
      'cr\rlf\r\n',
      'separators \u2028 \u2029',
      '"quoted" \\',
      'Amélie 🎬',
      '',
    ].map((id) => ({ id }));
    await writeLines(file(), values);
    expect(await readAll()).toEqual(values);
  });

  it('are read across the pieces of a large file', async () => {
    const values = Array.from({ length: 30_000 }, (_, i) => ({ id: `é${'x'.repeat(i % 90)}${i}` }));
    await writeLines(file(), values);
    expect(await readAll()).toEqual(values);
  });

  it('may be none', async () => {
    await writeLines(file(), []);
    expect(await readAll()).toEqual([]);
  });
});

it.each([
  ['{"id":"a"}\n{"id":7}\n', 'damaged', ':2: id: Invalid input: expected string, received number; write it again.'],
  ['{"id":"a"}\n[]\n', 'damaged', ':2: Invalid input: expected object, received array; write it again.'],
  ['{"id":"a"}\n{"id":\n', 'damaged', ':2: not valid JSON; write it again.'],
  ['{"id":"a"}\n\n', 'damaged', ':2: not valid JSON; write it again.'],
  ['{"id":"a"}\n{"id":"b"}', 'truncated', ' ends in the middle of a line; copy or write it again.'],
])('reading %j says what is wrong and where', async (content, fault, message) => {
  await writeFile(file(), content);
  const error: unknown = await readAll().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ArtifactFileError);
  expect(error).toMatchObject({ file: file(), fault, message: `${file()}${message}` });
});

it('says that a file is missing', async () => {
  await expect(readAll()).rejects.toMatchObject({
    fault: 'missing',
    message: `${file()} does not exist; check the path.`,
  });
});

// Not every system has this device.
(existsSync('/dev/full') ? it : it.skip)('names the file where the disk is full', async () => {
  await expect(writeLines('/dev/full', [1])).rejects.toMatchObject({ code: 'FILE_NOT_WRITTEN', path: '/dev/full' });
});
