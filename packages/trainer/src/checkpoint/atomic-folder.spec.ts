import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFolder } from './atomic-folder';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'atomic-folder-'));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

// Not every system has this device.
(existsSync('/dev/full') ? it : it.skip)(
  'names the folder, and leaves nothing of it, where the disk is full',
  async () => {
    const folder = join(root, 'epoch-1');
    // Every write to this device fails as if the disk were full; Node then names no file.
    const error: unknown = await writeFolder(folder, () => writeFile('/dev/full', 'x')).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      code: 'FILE_NOT_WRITTEN',
      message: `${folder} can't be written: the disk is full; free some space and run the command again.`,
    });
    expect(await readdir(root)).toEqual([]);
  },
);

it('hands on what the writer throws', async () => {
  const reason = new Error('no');
  await expect(writeFolder(join(root, 'a'), () => Promise.reject(reason))).rejects.toBe(reason);
});
