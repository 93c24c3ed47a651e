import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { makeFolder, removeFolders } from '../testing/folders';
import { failureOf } from '../testing/inspect';
import { readFirstLine, readText, textChunks, withLineFeeds } from './text-chunks';

afterEach(removeFolders);

const fileOf = (content: string | Uint8Array): string => join(makeFolder({ 'f.txt': content }), 'f.txt');

/** `user,item\n1,2\n` as `zstd` packs it: the magic number, a header without a size, one raw block that is the last. */
const text = 'user,item\n1,2\n';
const zstd = Buffer.concat([
  Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, text.length]),
  Buffer.from([(text.length << 3) | 1, 0, 0]),
  Buffer.from(text),
]);

describe('readText', () => {
  it.each([
    ['gzip', gzipSync(text)],
    ['gzip in two members', Buffer.concat([gzipSync('user,item\n'), gzipSync('1,2\n')])],
    ['zstd', zstd],
    ['a UTF-8 byte order mark', `\uFEFF${text}`],
    ['UTF-16, little end first', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
    ['a byte order mark inside gzip', gzipSync(`\uFEFF${text}`)],
  ])('reads %s', async (_, content) => {
    expect(await readText(fileOf(content))).toBe(text);
  });

  it('reads back any text, over chunks that end inside of characters', async () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('é', '€', '𝄞', '\r\n', '\uFEFF'));
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 20 }), fc.nat(3), async (pieces, shift) => {
        const start = pieces.join('').replaceAll('\0', '');
        const content = `_${start}${'x'.repeat(shift)}${'€𝄞é'.repeat(60_000)}`;
        expect((await readText(fileOf(content))) === content).toBe(true);
      }),
      { numRuns: 10 },
    );
  });

  it('reads latin1 where it is told to', async () => {
    expect(await readText(fileOf(Buffer.from('café\n', 'latin1')), 'latin1')).toBe('café\n');
  });

  it.each([
    ['latin1', Buffer.from(`ok\nok\ncafé\nok\n`, 'latin1'), 3],
    ['a character that ends too soon', Buffer.from([0x61, 0x0a, 0xe2, 0x82]), 2],
    ['latin1 inside gzip', gzipSync(Buffer.from('ok\né\n', 'latin1')), 2],
  ])('refuses %s with its line', async (_, content, line) => {
    const error = await failureOf(readText(fileOf(content)));
    expect([error.code, error.line]).toEqual(['DATASET_FILE_UNREADABLE', line]);
    expect(error.message).toContain('this line is not UTF-8; add "encoding: latin1" to dataset.yaml');
  });

  it('finds the line far into a file', async () => {
    const content = Buffer.concat([Buffer.from('abcdefg\n'.repeat(100_000)), Buffer.from('é\n', 'latin1')]);
    expect((await failureOf(readText(fileOf(content)))).line).toBe(100_001);
  });

  it.each([
    ['a zip archive', Buffer.from('PK\x03\x04rest'), 'is a zip archive or a spreadsheet; unpack it'],
    ['Parquet', Buffer.from('PAR1rest'), 'is Parquet; say "format: parquet"'],
    ['bzip2', Buffer.from('BZh9rest'), 'is compressed with bzip2; unpack it'],
    ['another binary file', Buffer.from([1, 2, 0, 3]), 'is binary, not text; export it as text.'],
    ['gzip that is cut', gzipSync('x'.repeat(1000)).subarray(0, 20), "can't be read: "],
    ['zstd that is cut', zstd.subarray(0, 12), "can't be read: "],
  ])('refuses %s', async (_, content, message) => {
    const error = await failureOf(readText(fileOf(content)));
    expect(error.code).toBe('DATASET_FILE_UNREADABLE');
    expect(error.message).toContain(message);
    // What a terminal would act on is not in it.
    expect(error.message).not.toMatch(/\p{Cc}/u);
  });
});

describe('withLineFeeds', () => {
  it('is the same wherever the chunks end', async () => {
    const content = fc.array(fc.constantFrom('a', '\r', '\n', '\r\n'), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(content, { maxLength: 5 }), async (chunks) => {
        const joined = chunks.flat().join('');
        let read = '';
        for await (const chunk of withLineFeeds(asyncOf(chunks.map((chunk) => chunk.join(''))))) read += chunk;
        expect(read).toBe(joined.replace(/\r\n?/g, '\n'));
      }),
    );
  });
});

async function* asyncOf(chunks: readonly string[]): AsyncGenerator<string, void, void> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

it('reads the first line alone', async () => {
  expect(await readFirstLine(fileOf('\uFEFFa\tb\r\nc'))).toBe('a\tb');
  expect(await readFirstLine(fileOf('a\rb'))).toBe('a');
  expect(await readFirstLine(fileOf(''))).toBe('');
});

it('hands over an error of the file system', async () => {
  const error = await failureOf(textChunks('/nowhere/x', 'utf8').next());
  expect([error.code, error.message]).toEqual([
    'DATASET_FILE_MISSING',
    '/nowhere/x: this file does not exist; check the path.',
  ]);
});
