import { existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServedFiles, type ServedFilesOptions } from './served-files';

let folder: string;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'served-files-')), 'served');
});

afterEach(() => rm(join(folder, '..'), { recursive: true }));

function open(options: Partial<ServedFilesOptions> = {}): ServedFiles {
  return new ServedFiles({ folder, maxBytes: 1e6, fileBytes: 1e6, ...options });
}

const names = (pattern: RegExp): string[] =>
  readdirSync(folder)
    .filter((file) => pattern.test(file))
    .toSorted();
const text = (file: string): string => readFileSync(join(folder, file), 'utf8');
const described = (): string => text('dataset.yaml');

const lines = (request: string): { request: string; impressions: string } => ({
  request: `{"request":"${request}"}\n`,
  impressions: `{"request":"${request}","user":1,"item":2}\n`,
});

it('begins new files when the old ones are full, and deletes the oldest past the space for all', () => {
  const files = open({ fileBytes: 140, maxBytes: 280 });
  for (const request of ['aaa', 'bbb', 'ccc', 'ddd', 'eee', 'fff', 'ggg']) files.append(lines(request), []);
  expect(names(/\.part$/)).toHaveLength(2);
  const answers = (): string[] => names(/requests\.jsonl$/).map((file) => text(file).replaceAll(/\W|request/g, ''));
  expect(answers()).toEqual(['cccddd', 'eeefff']);
  files.finish();
  expect(names(/\.part$/)).toEqual([]);
  expect(answers()).toEqual(['cccddd', 'eeefff', 'ggg']);
  expect(described()).toContain(`file: ${JSON.stringify(names(/impressions\.jsonl$/))}`);
});

it('finishes files that have been open for an hour', () => {
  const files = open();
  files.append(lines('a'), []);
  files.finishOld(Date.now() + 3_599_000);
  expect(existsSync(join(folder, 'dataset.yaml'))).toBe(false);
  files.finishOld(Date.now() + 3_601_000);
  expect(names(/impressions\.jsonl$/)).toHaveLength(1);
  expect(described()).toContain('user: user');
});

it('describes the context that all files have, and begins new files for another one', () => {
  const files = open();
  files.append({ request: '{}\n', impressions: '{"request":"a","user":1,"item":2,"device":null,"country":"PT"}\n' }, [
    'a',
    'b',
  ]);
  files.append({ request: '{}\n', impressions: '{"request":"b","user":1,"item":2,"device":"phone"}\n' }, ['a']);
  files.finish();
  expect(names(/impressions/)).toHaveLength(2);
  expect(described()).toMatch(/context: \["device"\]\n$/);
});

it('takes up the whole lines that a process left which was killed, and leaves those of a living one', () => {
  mkdirSync(folder);
  const left = '20261129T115959Z-999999999-1.impressions.jsonl';
  const living = `20261129T115959Z-${process.ppid}-1.impressions.jsonl.part`;
  writeFileSync(join(folder, `${left}.part`), '{"request":"a","item":1}\n{"request":"b","it');
  writeFileSync(join(folder, living), '{"request":"c"}\n');
  open();
  expect(text(left)).toBe('{"request":"a","item":1}\n');
  expect(names(/\.part$/)).toEqual([living]);
  expect(described()).toContain(`["${left}"]`);
});

it('writes an answer whole or not at all when the disk is full, and goes on when there is room', () => {
  let isFull = true;
  const files = open({ open: (path) => (isFull ? openSync('/dev/full', 'a') : openSync(path, 'ax')) });
  expect(() => {
    files.append(lines('lost'), []);
  }).toThrow('ENOSPC');
  isFull = false;
  files.append(lines('kept'), []);
  files.finish();
  expect(names(/requests/).map(text)).toEqual(['{"request":"kept"}\n']);
});

it('cuts off the half of an answer that was written', () => {
  // The requests go to a file, the impressions to a full disk.
  const files = open({
    open: (path) => (path.includes('requests') ? openSync(path, 'ax') : openSync('/dev/full', 'a')),
  });
  for (const request of ['a', 'b']) {
    expect(() => {
      files.append(lines(request), []);
    }).toThrow('ENOSPC');
  }
  expect(names(/requests/).map((file) => statSync(join(folder, file)).size)).toEqual([0, 0]);
});

it('makes its folder anew where it was deleted meanwhile', () => {
  const files = open();
  rmSync(folder, { recursive: true });
  files.append(lines('a'), []);
  files.finish();
  expect(names(/impressions/)).toHaveLength(1);
});
