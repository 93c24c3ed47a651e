const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } = require('node:fs');
const { delimiter, join, resolve } = require('node:path');

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
  return folder === undefined ? undefined : pythonAt(folder);
}

/** @param path a value of PYTHONPATH */
function pythonAt(path) {
  return {
    path,
    /** Runs a script with arguments and returns what it prints, parsed as JSON. */
    runJson(script, ...args) {
      const options = { env: { ...process.env, PYTHONPATH: path }, encoding: 'utf8', maxBuffer: 1 << 28 };
      const { status, stdout, stderr } = spawnSync('python3', ['-c', script, ...args], options);
      if (status !== 0) throw new Error(`Python failed:\n${stderr}`);
      return JSON.parse(stdout);
    },
  };
}

/** What wandb requires, but for the parts of its telemetry. */
const wandbRequires = 'click packaging platformdirs protobuf pydantic pyyaml requests typing-extensions xxhash'.split(
  ' ',
);

/**
 * Python with the wandb library. A mirror of PyPI may lack parts of its telemetry; then the names that these parts define
 * are stood in for. All that logs, stores and reads a run is the library's own.
 */
function pythonWithWandb() {
  const whole = pythonWith('wandb');
  if (whole !== undefined) return whole;
  const required = pythonWith(...wandbRequires, 'opentelemetry-api');
  const wandb = pythonWith('--no-deps', 'wandb', 'opentelemetry-sdk');
  if (required === undefined || wandb === undefined) return undefined;
  return pythonAt([join(__dirname, 'wandb/stand-in'), required.path, wandb.path].join(delimiter));
}

/** The one offline run in a folder that was WANDB_DIR, read by the library's own messages. */
function readWandbRun(python, folder) {
  const runs = join(folder, 'wandb');
  const run = readdirSync(runs).find((name) => name.startsWith('offline-run-'));
  const file = readdirSync(join(runs, run)).find((name) => name.endsWith('.wandb'));
  return python.runJson(readFileSync(join(__dirname, 'wandb/read_run.py'), 'utf8'), join(runs, run, file));
}

module.exports = { pythonWith, pythonWithWandb, readWandbRun };
