// @ts-check
'use strict';

const { existsSync } = require('node:fs');
const { homedir } = require('node:os');
const { dirname, isAbsolute, join, resolve } = require('node:path');

/** The TensorFlow release whose C API the addon was measured and tested with. */
const TENSORFLOW_VERSION = '2.21.0';

/** The root of the checkout, two folders above this tool's; of an installed package, it is no root. */
const CHECKOUT = resolve(__dirname, '..', '..', '..');

/** Where npm installs: the checkout, or the project that installed this package. */
const WORKSPACE = existsSync(join(CHECKOUT, 'nx.json')) ? CHECKOUT : projectOf(__dirname);

/** The package whose tfjs is probed. */
const TOWERS = dirname(require.resolve('@vector-recall/towers/package.json'));

/**
 * @typedef {object} Settings
 * @property {string} workspace the folder whose node_modules hold tfjs
 * @property {string} towers folder of the package that loads tfjs
 * @property {string} cache folder of this user's cache for the runtime
 * @property {'cpu' | 'cuda'} variant which TensorFlow wheel to take
 * @property {string | undefined} libtensorflowDir a libtensorflow that the user gives
 * @property {boolean} skip the user wants no native runtime
 * @property {boolean} omitOptional npm was told to leave out optional dependencies
 * @property {NodeJS.ProcessEnv} env environment of every command that is run
 */

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ settings: Settings, warnings: string[] }}
 */
function readSettings(env) {
  const warnings = [];
  const variant = env.VECTOR_RECALL_TENSORFLOW || 'cpu';
  if (variant !== 'cpu' && variant !== 'cuda') {
    warnings.push(`vector-recall: VECTOR_RECALL_TENSORFLOW must be cpu or cuda, not "${variant}"; cpu is taken.`);
  }
  const given = env.LIBTENSORFLOW_DIR;
  return {
    settings: {
      workspace: WORKSPACE,
      towers: TOWERS,
      cache: join(userCache(env), 'vector-recall', 'runtime'),
      variant: variant === 'cuda' ? 'cuda' : 'cpu',
      libtensorflowDir: given ? resolve(env.INIT_CWD || process.cwd(), given) : undefined,
      skip: ['1', 'true', 'yes'].includes((env.VECTOR_RECALL_SKIP_NATIVE || '').toLowerCase()),
      omitOptional: (env.npm_config_omit || '').split(/\s+/).includes('optional'),
      env,
    },
    warnings,
  };
}

/**
 * @param {string} folder of an installed package, or inside of one
 * @returns {string} the folder that holds the outermost node_modules above it
 */
function projectOf(folder) {
  const outermost = folder.split('/node_modules/')[0];
  return outermost === '' ? '/' : outermost;
}

/**
 * The XDG base directory rules: a relative XDG_CACHE_HOME is to be ignored.
 * @param {NodeJS.ProcessEnv} env
 */
function userCache(env) {
  const given = env.XDG_CACHE_HOME;
  return given && isAbsolute(given) ? given : join(homedir(), '.cache');
}

module.exports = { TENSORFLOW_VERSION, WORKSPACE, projectOf, readSettings };
