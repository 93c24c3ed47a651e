import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileError } from './file-error';
import { writeAside } from './write-aside';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'write-aside-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('replaces a file by a whole one', async () => {
  const path = join(folder, 'a.txt');
  await writeFile(path, 'old');
  await writeAside(path, async (handle) => {
    await handle.writeFile('new');
    expect(await readFile(path, 'utf8')).toBe('old');
  });
  expect(await readFile(path, 'utf8')).toBe('new');
  expect(await readdir(folder)).toEqual(['a.txt']);
});

it('leaves the old file where writing fails, and nothing beside it', async () => {
  const path = join(folder, 'a.txt');
  await writeFile(path, 'old');
  const failed = writeAside(path, async (handle) => {
    await handle.writeFile('half');
    throw new Error('stopped');
  });
  await expect(failed).rejects.toThrow('stopped');
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['a.txt']);
});

it('names the path where the system refuses it', async () => {
  const path = join(folder, 'nowhere', 'a.txt');
  await expect(writeAside(path, () => Promise.resolve())).rejects.toThrow(FileError);
  await expect(writeAside(path, () => Promise.resolve())).rejects.toThrow(path);
});
