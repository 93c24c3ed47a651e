import { appendFile, copyFile, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeFolders, temporaryFolder } from '../testing/temporary-folder';
import { ChangeLog } from './change-log';
import { committedFile, logFile } from './log-files';
import { logHeader } from './log-format';
import { crc32 } from 'node:zlib';

afterEach(removeFolders);

const bytes = (text: string): Buffer => Buffer.from(text);

async function reopen(folder: string): Promise<{ texts: string[]; log: ChangeLog }> {
  const texts: string[] = [];
  const log = await ChangeLog.open(folder, (payload) => texts.push(payload.toString()));
  return { texts, log };
}

/** A log of 20 acknowledged records in a folder of its own. */
async function written(): Promise<string> {
  const folder = await temporaryFolder();
  const { log } = await reopen(folder);
  for (let i = 0; i < 20; i++) await log.append([bytes(`record ${i} ${'x'.repeat(i * 7)}`)]);
  await log.close();
  return folder;
}

it('gives back what was appended, in order, and goes on behind it', async () => {
  const folder = await temporaryFolder();
  const { log } = await reopen(folder);
  await Promise.all([log.append([bytes('a'), bytes('b')]), log.append([bytes('c')]), log.append([bytes('')])]);
  await log.close();
  const second = await reopen(folder);
  expect(second.texts).toEqual(['a', 'b', 'c', '']);
  await second.log.append([bytes('d')]);
  await second.log.close();
  const third = await reopen(folder);
  expect(third.texts).toEqual(['a', 'b', 'c', '', 'd']);
  await expect(third.log.append([Buffer.alloc(17 * 1024 * 1024)])).rejects.toMatchObject({
    code: 'LIVE_CHANGE_INVALID',
  });
  await third.log.close();
  await expect(third.log.append([bytes('e')])).rejects.toMatchObject({ code: 'LIVE_WRITE_FAILED' });
});

it('keeps what is appended while it is compacted', async () => {
  const folder = await temporaryFolder();
  const { log } = await reopen(folder);
  const live = new Set<string>();
  const append = async (text: string): Promise<void> => {
    await log.append([bytes(text)]);
    live.add(text);
  };
  for (let round = 0; round < 5; round++) {
    const appending = Array.from({ length: 30 }, (_, i) => append(`${round}-${i}`));
    await log.compact(() => [...live].map(bytes));
    await Promise.all(appending);
  }
  await log.close();
  const { texts, log: again } = await reopen(folder);
  await again.close();
  expect(new Set(texts)).toEqual(live);
  expect(live.size).toBe(150);
  expect(await readdir(folder)).toHaveLength(2);
});

it('leaves most of the event loop to others while it is compacted, but for one that hurries', async () => {
  const { log } = await reopen(await temporaryFolder());
  let busy = 0;
  function* slowly(): Generator<Buffer> {
    for (let n = 0; n < 6 * 64; n++) {
      const start = performance.now();
      while (n % 64 === 0 && performance.now() - start < 20);
      busy += performance.now() - start;
      yield bytes(`record ${n}`);
    }
  }
  const shareOfCompaction = async (): Promise<number> => {
    busy = 0;
    const start = performance.now();
    await log.compact(slowly);
    return busy / (performance.now() - start);
  };
  const unhurried = await shareOfCompaction();
  expect(unhurried).toBeLessThan(0.3);
  log.hurry();
  expect(await shareOfCompaction()).toBeGreaterThan(unhurried);
  await log.close();
});

it('cuts off a write that was never acknowledged, and says so', async () => {
  const folder = await written();
  await appendFile(logFile(folder, 1), Buffer.from([40, 0, 0, 0, 1, 2, 3, 4, 5, 6]));
  const { texts, log } = await reopen(folder);
  expect(texts).toHaveLength(20);
  expect(log.tornBytes).toBe(10);
  await log.append([bytes('next')]);
  await log.close();
  const again = await reopen(folder);
  expect([again.texts.at(-1), again.log.tornBytes]).toEqual(['next', 0]);
  await again.log.close();
});

it('refuses a log that was cut short anywhere or has any bit changed, and leaves it alone', async () => {
  const folder = await written();
  const { length } = await readFile(logFile(folder, 1));
  for (let i = 0; i < 60; i++) {
    const at = Math.floor((i / 60) * length);
    for (const harm of ['truncate', 'flip'] as const) {
      const copy = join(await temporaryFolder(), 'live');
      await mkdir(copy);
      for (const file of [logFile, committedFile]) await copyFile(file(folder, 1), file(copy, 1));
      const harmed = logFile(copy, 1);
      if (harm === 'truncate') await truncate(harmed, at);
      else {
        const content = await readFile(harmed);
        content[at] ^= 1 << (i % 8);
        await writeFile(harmed, content);
      }
      const before = await readFile(harmed);
      await expect(reopen(copy)).rejects.toMatchObject({ code: 'LIVE_LOG_INVALID', file: harmed });
      expect(await readFile(harmed)).toEqual(before);
    }
  }
});

it('refuses a damaged record of how far it goes', async () => {
  const folder = await written();
  const file = committedFile(folder, 1);
  const content = await readFile(file);
  content[2] ^= 4;
  await writeFile(file, content);
  await expect(reopen(folder)).rejects.toMatchObject({ code: 'LIVE_LOG_INVALID', file, fault: 'damaged' });
  await truncate(file, 5);
  await expect(reopen(folder)).rejects.toMatchObject({ code: 'LIVE_LOG_INVALID', file, fault: 'damaged' });
});

it('refuses a log of a later format by name', async () => {
  const folder = await written();
  const header = logHeader();
  header.writeUInt32LE(9, 8);
  header.writeUInt32LE(crc32(header.subarray(0, 12)), 12);
  const content = await readFile(logFile(folder, 1));
  header.copy(content);
  await writeFile(logFile(folder, 1), content);
  await expect(reopen(folder)).rejects.toMatchObject({
    fault: 'newer',
    message: `${logFile(folder, 1)} is of format 9, but this release reads format 1; use the release that wrote it, or a later one.`,
  });
});
