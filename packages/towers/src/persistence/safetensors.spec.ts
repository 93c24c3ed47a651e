import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { WeightFileError } from '../errors';
import { readSafetensors } from './read-safetensors';
import type { NamedTensor } from './safetensors-header';
import { writeSafetensors } from './write-safetensors';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towers-'));
  file = join(folder, 'weights.safetensors');
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const tensor: fc.Arbitrary<Omit<NamedTensor, 'name'>> = fc.oneof(
  fc.float32Array().map((values) => ({ shape: [values.length], values })),
  fc.float64Array().map((values) => ({ shape: [1, values.length], values })),
  fc.int32Array().map((values) => ({ shape: [values.length, 1], values })),
);

/** A file with one array of two floats and a header of the test's own. */
async function writeRaw(header: string, data = new Uint8Array(8)): Promise<void> {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(header)));
  await writeFile(file, Buffer.concat([length, Buffer.from(header), data]));
}

const entry = (part: object) => JSON.stringify({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...part } });

describe('safetensors', () => {
  it('gives back every array and string it was given', async () => {
    const names = fc.uniqueArray(
      fc.string().filter((name) => name !== '__metadata__'),
      { maxLength: 5 },
    );
    const content = fc.tuple(
      names,
      fc.array(tensor, { minLength: 5, maxLength: 5 }),
      fc.dictionary(fc.string(), fc.string()),
    );
    await fc.assert(
      fc.asyncProperty(content, async ([keys, arrays, metadata]) => {
        const tensors = keys.map((name, i) => ({ name, ...arrays[i] }));
        await writeSafetensors(file, tensors, metadata);
        const read = await readSafetensors(file);
        expect(read.metadata).toEqual({ ...metadata });
        expect([...read.tensors.values()].sort(byName)).toEqual([...tensors].sort(byName));
      }),
      { numRuns: 60, seed: 17 },
    );
  });

  it('lays the file out as the format says', async () => {
    await writeSafetensors(file, [{ name: 'a', shape: [2], values: Float32Array.of(1, -2) }], { k: 'v' });
    const bytes = await readFile(file);
    const length = Number(bytes.readBigUInt64LE());
    expect(length % 8).toBe(0);
    expect(JSON.parse(bytes.toString('utf8', 8, 8 + length))).toEqual({
      __metadata__: { k: 'v' },
      a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
    });
    expect([bytes.readFloatLE(8 + length), bytes.readFloatLE(12 + length)]).toEqual([1, -2]);
  });

  it('refuses a file cut short at any byte', async () => {
    await writeSafetensors(file, [{ name: 'a', shape: [2], values: Float32Array.of(1, 2) }]);
    const { length } = await readFile(file);
    for (let size = length - 1; size >= 0; size--) {
      await truncate(file, size);
      await expect(readSafetensors(file)).rejects.toThrow(WeightFileError);
    }
  });

  it.each([
    ['no JSON', '{"a":', 'its header is not JSON'],
    ['a list', '[]', 'its header does not describe arrays'],
    ['an unknown type', entry({ dtype: 'BF16' }), 'its header does not describe arrays of types this reader knows'],
    ['a negative size', entry({ shape: [-2] }), 'its header does not describe arrays'],
    ['a shape that does not fit', entry({ shape: [3] }), 'the bytes of a do not fit its shape'],
    ['a gap', entry({ data_offsets: [4, 12] }), 'the array a does not start where the one before it ends'],
    ['bytes to spare', entry({ shape: [1], data_offsets: [0, 4] }), 'its arrays need 4 bytes and 8 follow the header'],
    [
      'metadata that is no text',
      `{"__metadata__":{"k":1},${entry({}).slice(1)}`,
      'its header does not describe arrays',
    ],
  ])('refuses %s', async (_name, header, reason) => {
    await writeRaw(header);
    await expect(readSafetensors(file)).rejects.toThrow(reason);
  });

  it('refuses a header longer than the file without reserving memory for it', async () => {
    await writeFile(file, Buffer.from('ffffffffffffffff00', 'hex'));
    await expect(readSafetensors(file)).rejects.toThrow('its header is longer than the file or than the format allows');
  });

  it('names a file that is not there', async () => {
    await expect(readSafetensors(file)).rejects.toThrow(
      `${file} can't be opened; check that it exists and may be read.`,
    );
  });

  it('refuses to write a shape that does not fit, or one name twice', async () => {
    const a = { name: 'a', shape: [2], values: Float32Array.of(1, 2) };
    await expect(writeSafetensors(file, [{ ...a, shape: [3] }])).rejects.toThrow(
      'a has 2 values, which do not fill [3].',
    );
    await expect(writeSafetensors(file, [a, a])).rejects.toThrow(
      'Two arrays are named a; give each a name of its own.',
    );
  });
});

function byName(a: NamedTensor, b: NamedTensor): number {
  return a.name < b.name ? -1 : 1;
}
