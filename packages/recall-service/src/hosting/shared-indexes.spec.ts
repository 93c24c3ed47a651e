import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SharedCopy, type SharedFile } from '@vector-recall/hnsw-index';
import { SharedIndexes } from './shared-indexes';

const onLinux = SharedCopy.isPossible ? describe : describe.skip;

/** Of what is at the place of a copy now: another file may have taken it. */
const inodeAt = (place: SharedFile | undefined): Promise<string | undefined> =>
  stat(place?.path ?? '', { bigint: true }).then(
    ({ ino }) => String(ino),
    () => undefined,
  );

onLinux('SharedIndexes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shared-indexes-'));
  const file = join(folder, 'hnsw.engine');
  const failures: unknown[] = [];
  let indexes: SharedIndexes;

  beforeEach(() => {
    writeFileSync(file, 'first');
    failures.length = 0;
    indexes = new SharedIndexes((error) => failures.push(error));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('makes one copy for all who ask, which stays when the file is cut', async () => {
    const [one, other] = await Promise.all([indexes.share(file), indexes.share(file)]);
    expect(other).toEqual(one);
    expect(indexes.hangs).toBe(false);
    truncateSync(file, 1);
    expect(await readFile(one?.path ?? '', 'utf8')).toBe('first');
  });

  it('makes another one of a file that is not the same, and lets go of the older', async () => {
    const first = await indexes.share(file);
    const others = join(folder, 'other.engine');
    writeFileSync(others, 'second');
    const second = await indexes.share(others);
    expect(await readFile(second?.path ?? '', 'utf8')).toBe('second');
    expect(second?.inode).not.toBe(first?.inode);
    expect(await inodeAt(first)).not.toBe(first?.inode);
    writeFileSync(others, 'the third');
    expect(await readFile((await indexes.share(others))?.path ?? '', 'utf8')).toBe('the third');
  });

  it('has none of what cannot be read, says why, and tries again', async () => {
    rmSync(file);
    expect(await indexes.share(file)).toBeUndefined();
    expect(failures).toMatchObject([{ code: 'ENOENT' }]);
    writeFileSync(file, '');
    expect(await indexes.share(file)).toBeUndefined();
    expect(failures[1]).toMatchObject({ fault: 'truncated', file });
    writeFileSync(file, 'again');
    expect(await readFile((await indexes.share(file))?.path ?? '', 'utf8')).toBe('again');
  });
});
