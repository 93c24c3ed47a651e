const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, renameSync, rmSync } = require('node:fs');
const { join, resolve } = require('node:path');

const cache = resolve(__dirname, '../../node_modules/.cache/python-libraries');

/** Installs libraries once into a folder of their own, which is put in place when it is whole. */
function installed(names) {
  const folder = join(cache, createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 12));
  if (existsSync(folder)) return folder;
  const aside = `${folder}.aside-${process.pid}`;
  mkdirSync(cache, { recursive: true });
  const args = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--only-binary',
    ':all:',
    '--retries',
    '1',
    '--target',
    aside,
    ...names,
  ];
  const { status } = spawnSync('python3', args, { stdio: 'ignore', timeout: 240_000 });
  try {
    if (status === 0) renameSync(aside, folder);
  } catch (error) {
    // Another process was faster.
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return existsSync(folder) ? folder : undefined;
}

/**
 * Python with libraries from PyPI, for tests that read what we wrote by code that is not ours.
 * @returns undefined where python3 or pip is missing or the libraries can't be had; such tests are skipped
 */
function pythonWith(...names) {
  const folder = installed([...names].sort());
  if (folder === undefined) return undefined;
  return {
    /** Runs a script with arguments and returns what it prints, parsed as JSON. */
    runJson(script, ...args) {
      const options = { env: { ...process.env, PYTHONPATH: folder }, encoding: 'utf8', maxBuffer: 1 << 28 };
      const { status, stdout, stderr } = spawnSync('python3', ['-c', script, ...args], options);
      if (status !== 0) throw new Error(`Python failed:\n${stderr}`);
      return JSON.parse(stdout);
    },
  };
}

module.exports = { pythonWith };
