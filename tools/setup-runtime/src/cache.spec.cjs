// @ts-check
'use strict';

const { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { cacheEntry, isWhole } = require('./cache.cjs');

describe('cacheEntry', () => {
  /** @type {string} */
  let root;
  /** @type {string} */
  let entry;
  let fills = 0;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'runtime-cache-'));
    entry = join(root, 'entry');
    fills = 0;
  });

  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  /** @param {string} aside */
  async function fill(aside) {
    fills += 1;
    writeFileSync(join(aside, 'library'), 'content');
    // Two installs at once overlap here.
    await new Promise((done) => setTimeout(done, 20));
    return ['library'];
  }

  it('is made once and used again', async () => {
    expect(await cacheEntry(entry, fill)).toEqual({ folder: entry, made: true });
    expect(await cacheEntry(entry, fill)).toEqual({ folder: entry, made: false });
    expect(fills).toBe(1);
    expect(readdirSync(root)).toEqual(['entry']);
  });

  it.each([
    [
      'was cut short',
      () => {
        writeFileSync(join(entry, 'library'), 'con');
      },
    ],
    [
      'has other content of the same size',
      () => {
        writeFileSync(join(entry, 'library'), 'CONTENT');
      },
    ],
    [
      'lost a file',
      () => {
        rmSync(join(entry, 'library'));
      },
    ],
    [
      'lost its list',
      () => {
        rmSync(join(entry, 'entry.json'));
      },
    ],
    [
      'has a list that is no JSON',
      () => {
        writeFileSync(join(entry, 'entry.json'), '{"files":');
      },
    ],
  ])('is made again when it %s', async (_, damage) => {
    await cacheEntry(entry, fill);
    damage();
    expect(await isWhole(entry)).toBe(false);
    expect(await cacheEntry(entry, fill)).toEqual({ folder: entry, made: true });
    expect(readFileSync(join(entry, 'library'), 'utf8')).toBe('content');
    expect(readdirSync(root)).toEqual(['entry']);
  });

  it('ends whole when several installs make it at once', async () => {
    await Promise.all(Array.from({ length: 5 }, () => cacheEntry(entry, fill)));
    expect(await isWhole(entry)).toBe(true);
    expect(readdirSync(root)).toEqual(['entry']);
  });

  it('leaves nothing behind when filling it fails', async () => {
    await expect(cacheEntry(entry, () => Promise.reject(new Error('no space left')))).rejects.toThrow('no space left');
    expect(readdirSync(root)).toEqual([]);
  });

  it('clears away what a killed install left a day ago, and not what one is making now', async () => {
    const old = join(root, 'entry.aside-000000000001');
    const young = join(root, 'entry.aside-000000000002');
    mkdirSync(old);
    mkdirSync(young);
    const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 3600;
    utimesSync(old, twoDaysAgo, twoDaysAgo);
    await cacheEntry(entry, fill);
    expect(readdirSync(root)).toEqual(['entry', 'entry.aside-000000000002']);
  });
});
