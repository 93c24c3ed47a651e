import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errnoOf, FileError, fileErrorOf, namedFileErrorOf, usingFile } from './file-error';
import { readTextFile } from './read-text';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'file-error-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const systemError = (code: string, path?: string): object => ({ code, syscall: 'write', errno: -1, path });

it.each([
  ['written', 'ENOSPC', "a/b can't be written: the disk is full; free some space and run the command again."],
  [
    'written',
    'EFBIG',
    "a/b can't be written: the file would be too large; raise the limit (ulimit -f) or use another file system.",
  ],
  ['written', 'EROFS', "a/b can't be written: the file system is read-only; give a path on one that can be written."],
  ['written', 'EACCES', "a/b can't be written: permission denied; change its permissions or give another path."],
  ['written', 'ENOENT', "a/b can't be written: a folder of the path does not exist; create it first."],
  ['read', 'ENOENT', 'a/b does not exist; check the path.'],
  ['read', 'EISDIR', "a/b can't be read: it is a folder; give the path of a file."],
  ['read', 'ENXIO', "a/b can't be read: no such device or address (ENXIO); check the path."],
] as const)('%s, %s names the path and the remedy', (action, errno, message) => {
  expect(fileErrorOf('a/b', action, systemError(errno))).toMatchObject({ path: 'a/b', errno, message });
});

it('keeps the path that the system names, which is more exact', () => {
  expect(fileErrorOf('store', 'written', systemError('EACCES', 'store/x'))).toMatchObject({ path: 'store/x' });
});

it('words an error that nobody has worded, if it names a path', () => {
  expect(namedFileErrorOf(systemError('EACCES', 'a'))).toMatchObject({
    code: 'FILE_NOT_USED',
    message: "a can't be used: permission denied; change its permissions or give another path.",
  });
  const unnamed = systemError('ECONNREFUSED');
  expect(namedFileErrorOf(unnamed)).toBe(unnamed);
});

it.each([new Error('x'), { code: 'DATASET_EMPTY' }, 'text', undefined])('leaves %p as it is', (error) => {
  expect(errnoOf(error)).toBeUndefined();
  expect(fileErrorOf('a', 'read', error)).toBe(error);
});

it('names the file of a write for which Node names none', async () => {
  const file = join(folder, 'a.txt');
  writeFileSync(file, 'x');
  const handle = await open(file, 'r');
  // A file that is open for reading refuses to be written, as a full disk would.
  const error: unknown = await usingFile(file, 'written', () => handle.writeFile('y')).catch(
    (thrown: unknown) => thrown,
  );
  await handle.close();
  expect(error).toBeInstanceOf(FileError);
  expect(error).toMatchObject({ code: 'FILE_NOT_WRITTEN', errno: 'EBADF', path: file });
});

it('hands on what the work returns', async () => {
  await expect(usingFile('a', 'read', () => Promise.resolve(7))).resolves.toBe(7);
  const absent = join(folder, 'absent');
  await expect(usingFile(folder, 'read', () => readFile(absent))).rejects.toMatchObject({
    code: 'FILE_NOT_READ',
    message: `${absent} does not exist; check the path.`,
  });
});

describe('a text file', () => {
  it('is read up to its bound', () => {
    const file = join(folder, 'text');
    writeFileSync(file, 'abc');
    expect(readTextFile(file, 'The file', 3)).toBe('abc');
    expect(() => readTextFile(file, 'The file', 2)).toThrow(
      `The file ${file} is larger than 0 KiB; give a smaller file.`,
    );
  });

  it('without an end is refused like one that is too large', () => {
    expect(() => readTextFile('/dev/zero', 'The file', 1 << 20)).toThrow(
      'The file /dev/zero is larger than 1 MiB; give a smaller file.',
    );
  });

  it('that is not there is named', () => {
    const file = join(folder, 'absent');
    expect(() => readTextFile(file, 'The file', 2)).toThrow(`${file} does not exist; check the path.`);
  });
});
