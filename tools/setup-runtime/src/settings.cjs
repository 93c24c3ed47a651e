// @ts-check
'use strict';

const { homedir } = require('node:os');
const { isAbsolute, join, resolve } = require('node:path');

/** The TensorFlow release whose C API the addon was measured and tested with. */
const TENSORFLOW_VERSION = '2.21.0';

/** The workspace's root, two folders up from this file's folder's parent. */
const WORKSPACE = resolve(__dirname, '..', '..', '..');

/**
 * @typedef {object} Settings
 * @property {string} workspace root folder of the workspace
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
 * The XDG base directory rules: a relative XDG_CACHE_HOME is to be ignored.
 * @param {NodeJS.ProcessEnv} env
 */
function userCache(env) {
  const given = env.XDG_CACHE_HOME;
  return given && isAbsolute(given) ? given : join(homedir(), '.cache');
}

module.exports = { TENSORFLOW_VERSION, WORKSPACE, readSettings };
