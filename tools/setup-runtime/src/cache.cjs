// @ts-check
'use strict';

const { createHash, randomBytes } = require('node:crypto');
const { createReadStream } = require('node:fs');
const { mkdir, readFile, readdir, rename, rm, stat, writeFile } = require('node:fs/promises');
const { basename, dirname, join } = require('node:path');

/** Lists an entry's files; written last, so that a folder with it is whole. */
const ENTRY_FILE = 'entry.json';

/** A folder that a killed install left behind is cleared away after a day; no living install takes that long. */
const ABANDONED_AFTER_MS = 24 * 3600 * 1000;

/**
 * @typedef {{ files: Record<string, { bytes: number, sha256: string }> }} Entry
 */

/**
 * The folder of a whole cache entry. A missing or broken one is made: filled aside, then renamed into place,
 * so that two installs at once end with one whole entry.
 * @param {string} folder where the entry belongs
 * @param {(aside: string) => Promise<readonly string[]>} fill fills the folder, returns the files to be checksummed
 * @returns {Promise<{ folder: string, made: boolean }>}
 */
async function cacheEntry(folder, fill) {
  if (await isWhole(folder)) return { folder, made: false };
  await mkdir(dirname(folder), { recursive: true });
  await clearAbandoned(dirname(folder));
  const aside = `${folder}.aside-${randomBytes(6).toString('hex')}`;
  await mkdir(aside);
  try {
    const names = await fill(aside);
    /** @type {Entry} */
    const entry = { files: {} };
    for (const name of names) entry.files[name] = await fingerprint(join(aside, name));
    await writeFile(join(aside, ENTRY_FILE), JSON.stringify(entry, null, 2));
    await moveIntoPlace(aside, folder);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return { folder, made: true };
}

/**
 * @param {string} folder
 * @returns {Promise<boolean>} every listed file is there, of the size and content that it had when it was made
 */
async function isWhole(folder) {
  try {
    /** @type {unknown} */
    const parsed = JSON.parse(await readFile(join(folder, ENTRY_FILE), 'utf8'));
    // What is not JSON, or not of this shape, throws on the way: the entry is then as good as missing.
    const entry = /** @type {Entry} */ (parsed);
    const checks = Object.entries(entry.files).map(async ([name, expected]) => {
      // The size first: a file that was cut short need not be read.
      if ((await stat(join(folder, name))).size !== expected.bytes) return false;
      return (await fingerprint(join(folder, name))).sha256 === expected.sha256;
    });
    return (await Promise.all(checks)).every(Boolean);
  } catch {
    return false;
  }
}

/**
 * @param {string} aside
 * @param {string} folder
 */
async function moveIntoPlace(aside, folder) {
  try {
    await rename(aside, folder);
  } catch (error) {
    // Another install was first, or a broken entry stands there.
    if (await isWhole(folder)) return;
    const broken = `${folder}.aside-${randomBytes(6).toString('hex')}`;
    await rename(folder, broken).catch(() => {
      throw error;
    });
    await rename(aside, folder);
    await rm(broken, { recursive: true, force: true });
  }
}

/** @param {string} folder */
async function clearAbandoned(folder) {
  for (const name of await readdir(folder)) {
    if (!name.includes('.aside-')) continue;
    const path = join(folder, basename(name));
    const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    if (age > ABANDONED_AFTER_MS) await rm(path, { recursive: true, force: true });
  }
}

/**
 * @param {string} path
 * @returns {Promise<{ bytes: number, sha256: string }>}
 */
async function fingerprint(path) {
  const hash = createHash('sha256');
  let bytes = 0;
  // Large blocks: libtensorflow has 800 MB.
  /** @type {AsyncIterable<Buffer>} */
  const blocks = createReadStream(path, { highWaterMark: 1024 * 1024 });
  for await (const block of blocks) {
    hash.update(block);
    bytes += block.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

module.exports = { cacheEntry, isWhole };
