import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ArtifactFileError, type FileFault } from '../errors';
import { useTemporaryFolder } from '../testing/temporary-folder';
import { encodeHeader, type NpyType } from './npy-format';
import { NpyWriter, writeNpy } from './npy-writer';
import { NpyRows } from './npy-rows';
import { readNpy } from './read-npy';

/** Every write to it fails as if the disk were full. */
const FULL_DEVICE = '/dev/full';

const folder = useTemporaryFolder();
const file = (): string => join(folder.path, 'array.npy');

describe('.npy files', () => {
  it.each<[string, Float32Array, number[]]>([
    ['a matrix', Float32Array.of(1.5, -2, 3e-30, 0, -0, 1e30), [2, 3]],
    ['a vector', Float32Array.of(1, 2), [2]],
    ['no rows', new Float32Array(0), [0, 128]],
    ['a scalar', Float32Array.of(7), []],
  ])('keep %s of float32', async (_, values, shape) => {
    await writeNpy(file(), values, shape);
    expect(await readNpy(file(), 'float32')).toEqual({ shape, values });
  });

  it('keep int32, one dimension by default', async () => {
    const values = Int32Array.of(0, -1, 2 ** 31 - 1, -(2 ** 31));
    await writeNpy(file(), values);
    expect(await readNpy(file(), 'int32')).toEqual({ shape: [4], values });
  });

  it('are the same written in blocks or at once', async () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => i / 7);
    const writer = await NpyWriter.create(file(), 'float32', [100, 10]);
    for (let start = 0; start < 1000; start += 300) await writer.write(values.subarray(start, start + 300));
    await writer.close();
    const inBlocks = await readFile(file());
    await writeNpy(file(), values, [100, 10]);
    expect(inBlocks).toEqual(await readFile(file()));
  });

  it('have the head that the format asks for', () => {
    const head = encodeHeader({ type: 'float32', shape: [3, 128] });
    expect(head.length % 64).toBe(0);
    expect(head.subarray(0, 8)).toEqual(Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]));
    expect(head.readUInt16LE(8)).toBe(head.length - 10);
    expect(head.toString('latin1', 10).trimEnd()).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 128), }");
    expect(head.at(-1)).toBe(0x0a);
  });

  it('keep int64', async () => {
    const values = BigInt64Array.of(0n, -1n, 2n ** 53n, -(2n ** 63n));
    await writeNpy(file(), values, [2, 2]);
    expect(await readNpy(file(), 'int64')).toEqual({ shape: [2, 2], values });
  });

  it('of version 2 are read too', async () => {
    const dict = "{'descr': '<i4', 'fortran_order': False, 'shape': (2,)}\n";
    const head = Buffer.from(`\x93NUMPY\x02\x00\0\0\0\0${dict}`, 'latin1');
    head.writeUInt32LE(dict.length, 8);
    await writeFile(file(), Buffer.concat([head, Buffer.from(Int32Array.of(5, 6).buffer)]));
    expect(await readNpy(file(), 'int32')).toEqual({ shape: [2], values: Int32Array.of(5, 6) });
  });
});

describe('reading a .npy file refuses', () => {
  async function expectFault(type: NpyType, fault: FileFault, message: string): Promise<void> {
    const error: unknown = await readNpy(file(), type).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ArtifactFileError);
    expect(error).toMatchObject({
      code: 'ARTIFACT_FILE_INVALID',
      file: file(),
      fault,
      message: `${file()} ${message}`,
    });
  }
  const notNpy =
    'is not a .npy file of little-endian float16, float32, float64, int32 or int64 in C order; write it again.';

  it('a file that is not there', async () => {
    await expectFault('int32', 'missing', 'does not exist; check the path.');
  });

  it('a header that is longer than NumPy reads', async () => {
    const head = Buffer.alloc(12 + 10_001, ' ');
    head.write('\x93NUMPY\x02\x00', 'latin1');
    head.writeUInt32LE(10_001, 8);
    await writeFile(file(), head);
    await expectFault('int32', 'foreign', 'has a header of 10001 bytes, but at most 10000 are read; write it again.');
  });

  it('another type', async () => {
    await writeNpy(file(), Int32Array.of(1));
    await expectFault('float32', 'foreign', 'holds int32 instead of float32; write it again.');
  });

  it('fewer bytes than its shape', async () => {
    await writeNpy(file(), Float32Array.of(1, 2, 3, 4), [2, 2]);
    await truncate(file(), 143);
    await expectFault('float32', 'truncated', 'has 143 bytes, but its shape [2, 2] takes 144; copy it again.');
  });

  it('more bytes than its shape', async () => {
    await writeNpy(file(), Float32Array.of(1));
    await writeFile(file(), '\0', { flag: 'a' });
    await expectFault('float32', 'damaged', 'has 133 bytes, but its shape [1] takes 132; copy it again.');
  });

  const withDict = (dict: string): Buffer => {
    const head = Buffer.from(`\x93NUMPY\x01\x00\0\0${dict}\n`, 'latin1');
    head.writeUInt16LE(dict.length + 1, 8);
    return head;
  };

  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('1.5,2.5,3.5\n4,5,6')],
    ['a head that ends early', encodeHeader({ type: 'int32', shape: [1] }).subarray(0, 40)],
    ['a later version', Buffer.from('\x93NUMPY\x09\x00\0\0\0\0\0\0', 'latin1')],
    ['complex numbers', withDict("{'descr': '<c8', 'fortran_order': False, 'shape': (0,), }")],
    ['big-endian values', withDict("{'descr': '>f4', 'fortran_order': False, 'shape': (0,), }")],
    ['Fortran order', withDict("{'descr': '<f4', 'fortran_order': True, 'shape': (0,), }")],
    ['no shape', withDict("{'descr': '<f4', 'fortran_order': False, }")],
  ])('%s', async (_, content) => {
    await writeFile(file(), content);
    await expectFault('float32', 'foreign', notNpy);
  });
});

describe('NpyWriter refuses', () => {
  it('a block of another type, and more or fewer values than declared', async () => {
    const writer = await NpyWriter.create(file(), 'int32', [2]);
    await expect(writer.write(Float32Array.of(1))).rejects.toThrow(`${file()} holds int32, so it cannot take float32.`);
    await writer.write(Int32Array.of(1));
    await expect(writer.close()).rejects.toThrow(`${file()} is declared for 2 values and was given 1.`);
    await expect(writeNpy(file(), Int32Array.of(1, 2, 3), [2])).rejects.toThrow(
      `${file()} is declared for 2 values and was given 3.`,
    );
  });

  it('a shape that is not of whole numbers', async () => {
    await expect(NpyWriter.create(file(), 'int32', [2, -1])).rejects.toThrow(
      `The shape [2, -1] of ${file()} must be of integers of at least 0.`,
    );
  });
});

const python = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import numpy']).status === 0,
);

(python === undefined ? describe.skip : describe)('NumPy (python3-numpy)', () => {
  it('reads what is written here, and writes what is read here', async () => {
    await writeNpy(file(), Float32Array.of(1, 2.5, -3, 4), [2, 2]);
    const script = `
import numpy, sys
array = numpy.load(sys.argv[1])
assert array.dtype == numpy.float32 and array.tolist() == [[1, 2.5], [-3, 4]], array
numpy.save(sys.argv[1], numpy.arange(6, dtype=numpy.int32).reshape(3, 2))
`;
    execFileSync(python ?? '', ['-c', script, file()], { stdio: 'pipe' });
    expect(await readNpy(file(), 'int32')).toEqual({ shape: [3, 2], values: Int32Array.of(0, 1, 2, 3, 4, 5) });
  });
});

describe('NpyRows', () => {
  it('reads one row at a time, also after the file was deleted', async () => {
    await writeNpy(file(), Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]);
    const rows = await NpyRows.open(file());
    expect(rows.shape).toEqual([3, 2]);
    await unlink(file());
    expect(await Promise.all([2, 0, 1].map((row) => rows.read(row)))).toEqual([
      Float32Array.of(5, 6),
      Float32Array.of(1, 2),
      Float32Array.of(3, 4),
    ]);
    const block = new Float32Array(4);
    await rows.readBlock(1, block);
    expect(block).toEqual(Float32Array.of(3, 4, 5, 6));
    await expect(rows.readBlock(2, block)).rejects.toThrow(
      'There are no 2 rows of 2 values from row 2 on; the file has 3.',
    );
    await expect(rows.read(3)).rejects.toThrow('Row 3 is outside [0, 3).');
    await expect(rows.read(-1)).rejects.toThrow('Row -1 is outside [0, 3).');
    await rows.close();
  });

  it('refuses what is not a matrix of floats', async () => {
    await writeNpy(file(), Float32Array.of(1, 2));
    await expect(NpyRows.open(file())).rejects.toMatchObject({
      fault: 'foreign',
      message: `${file()} has the shape [2] instead of rows and columns; write it again.`,
    });
    await writeNpy(file(), Int32Array.of(1, 2), [1, 2]);
    await expect(NpyRows.open(file())).rejects.toMatchObject({ fault: 'foreign' });
  });
});

// Not every system has this device.
(existsSync('/dev/full') ? it : it.skip)('names the file and the remedy where the disk is full', async () => {
  await expect(writeNpy(FULL_DEVICE, Float32Array.of(1))).rejects.toMatchObject({
    code: 'FILE_NOT_WRITTEN',
    message: `${FULL_DEVICE} can't be written: the disk is full; free some space and run the command again.`,
  });
});
