import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { useTemporaryFolder } from '../testing/temporary-folder';
import { encodeHeader, type NpyType } from './npy-format';
import { writeNpy } from './npy-writer';
import { readFloats, readIntegers } from './read-floats';

const folder = useTemporaryFolder();
const file = (): string => join(folder.path, 'array.npy');

async function write(type: NpyType, values: { buffer: ArrayBufferLike; length: number }): Promise<void> {
  const head = encodeHeader({ type, shape: [values.length] });
  await writeFile(file(), Buffer.concat([head, Buffer.from(values.buffer)]));
}

describe('readFloats', () => {
  it('takes float64, rounded to float32', async () => {
    const values = Float64Array.of(0.1, -2, 1e39, NaN, 3e-46);
    await write('float64', values);
    expect(await readFloats(file())).toEqual({ shape: [5], values: Float32Array.from(values) });
  });

  it('takes float16', async () => {
    // By hand, out of IEEE 754: 1, -2, the largest, the smallest normal, the smallest there is, -0, infinity, NaN.
    await write('float16', Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x8000, 0xfc00, 0x7e01));
    const { values } = await readFloats(file());
    expect([...values]).toEqual([1, -2, 65504, 2 ** -14, 2 ** -24, -0, -Infinity, NaN]);
  });

  it('takes float32 as it is, also more than one block of it', async () => {
    const values = Float32Array.from({ length: (1 << 20) + 3 }, (_, i) => i / 3);
    await writeNpy(file(), values);
    const read = await readFloats(file());
    expect(Buffer.from(read.values.buffer).equals(Buffer.from(values.buffer))).toBe(true);
  });

  it('refuses integers', async () => {
    await writeNpy(file(), Int32Array.of(1));
    await expect(readFloats(file())).rejects.toMatchObject({
      fault: 'foreign',
      message: `${file()} holds int32 instead of float32, float64 or float16; write it again.`,
    });
  });
});

describe('readIntegers', () => {
  it('takes int32 and every safe integer of int64', async () => {
    await writeNpy(file(), Int32Array.of(3, -4), [2]);
    expect(await readIntegers(file())).toEqual({ shape: [2], values: Float64Array.of(3, -4) });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.maxSafeInteger()), async (numbers) => {
        await writeNpy(file(), BigInt64Array.from(numbers, BigInt));
        expect([...(await readIntegers(file())).values]).toEqual(numbers.map((number) => number + 0));
      }),
      { numRuns: 20 },
    );
  });

  it('refuses what a double cannot hold', async () => {
    await writeNpy(file(), BigInt64Array.of(1n, 2n ** 53n));
    await expect(readIntegers(file())).rejects.toThrow(
      `${file()} holds 9007199254740992 in row 1, but integers must be within 2^53 - 1; write larger ones as text.`,
    );
  });
});
