import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useTemporaryFolder } from '../testing/temporary-folder';
import { currentOwner, formatOwner, parseOwner, stateOf } from './owner';
import { StagingArea } from './staging';

const folder = useTemporaryFolder();
const version = '20261122T101500Z-3f2a';
const DAY_MS = 24 * 60 * 60 * 1000;

async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('an owner', () => {
  it('is read from the name that it gives', () => {
    const owner = currentOwner();
    expect(owner.pid).toBe(process.pid);
    expect(parseOwner(formatOwner(owner))).toEqual(owner);
    expect(parseOwner('README')).toBeUndefined();
  });

  it('is alive, gone, or nothing that can be known', async () => {
    const owner = currentOwner();
    expect(stateOf(owner)).toBe('alive');
    expect(stateOf({ ...owner, pid: await deadProcess() })).toBe('gone');
    expect(stateOf({ ...owner, host: '00000000' })).toBe('unknown');
    // Systems that do not tell when a process began can't tell a process from a later one of the same id.
    expect(stateOf({ ...owner, start: '0' })).toBe('alive');
  });

  (process.platform === 'linux' ? it : it.skip)('is gone where its id went to a later process (Linux)', () => {
    expect(stateOf({ ...currentOwner(), start: '1' })).toBe('gone');
  });
});

describe('a staging area', () => {
  const names = async (): Promise<string[]> => (await readdir(folder.path)).toSorted();

  it('deletes what dead processes have left, and nothing of those alive', async () => {
    const area = new StagingArea(folder.path, () => new Date());
    const own = await area.create(version);
    const dead = `20261122T101501Z-0000.${formatOwner({ ...currentOwner(), pid: await deadProcess() })}`;
    const deadLink = `current-0.${formatOwner({ ...currentOwner(), pid: await deadProcess() })}`;
    await mkdir(join(folder.path, dead, 'inner'), { recursive: true });
    await writeFile(join(folder.path, dead, 'inner', 'items.npy'), 'half');
    await writeFile(join(folder.path, deadLink), '');

    expect(await area.prune()).toEqual([dead, deadLink]);
    expect(await names()).toEqual([area.nameFor(own.version)]);
  });

  it('leaves folders of other machines alone until nobody has written to them for a day', async () => {
    const start = Date.now();
    let now = start;
    const area = new StagingArea(folder.path, () => new Date(now));
    const foreign = `${version}.00000000.17.99`;
    const unknown = 'something';
    for (const name of [foreign, unknown]) {
      await mkdir(join(folder.path, name));
      await writeFile(join(folder.path, name, 'items.npy'), 'half');
      await utimes(join(folder.path, name), 0, 0);
    }
    now = start + DAY_MS - 60_000;
    expect(await area.prune()).toEqual([]);
    now = start + DAY_MS + 60_000;
    expect(await area.prune()).toEqual([foreign, unknown]);
  });

  it('has nothing to delete where nothing was staged', async () => {
    const area = new StagingArea(join(folder.path, 'none'), () => new Date());
    expect(await area.prune()).toEqual([]);
  });

  it('discards a folder, also twice', async () => {
    const area = new StagingArea(folder.path, () => new Date());
    const staged = await area.create(version);
    await writeFile(join(staged.folder, 'a'), 'a');
    await staged.discard();
    await staged.discard();
    expect(await names()).toEqual([]);
  });
});
