// @ts-check
'use strict';

const { run } = require('./command.cjs');

/** Loading a library of 800 MB from a cold disk takes a while. */
const PROBE_TIMEOUT_MS = 120_000;

/**
 * Loads the addon the way the towers do and computes with it.
 * The backend is read through `@tensorflow/tfjs`: with a second tfjs-core in the process it would not be there.
 */
const PROBE = `
  try {
    const util = require('node:util');
    // tfjs-node 4.22 calls two functions that Node 23 took away.
    util.isNullOrUndefined ??= (value) => value === null || value === undefined;
    util.isArray ??= Array.isArray;
    const tf = require('@tensorflow/tfjs');
    require('@tensorflow/tfjs-node-gpu');
    if (tf.getBackend() !== 'tensorflow') throw new Error('tfjs sees the backend ' + tf.getBackend());
    const product = tf.matMul(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[5], [6]])).dataSync();
    if (product[0] !== 17 || product[1] !== 39) throw new Error('a matrix product came out as ' + product);
    process.stdout.write('\\n' + tf.backend().binding.TF_Version);
  } catch (error) {
    process.stderr.write('\\n' + error.message.split('\\n')[0]);
    process.exitCode = 1;
  }
`;

/**
 * @typedef {{ loads: true, tensorflow: string } | { loads: false, reason: string }} Probe
 */

/**
 * In a child process, because a broken library ends the process that loads it.
 * @param {import('./settings.cjs').Settings} settings
 * @returns {Promise<Probe>}
 */
async function probeAddon(settings) {
  const result = await run(process.execPath, ['-e', PROBE], {
    timeoutMs: PROBE_TIMEOUT_MS,
    cwd: settings.towers,
    env: { ...settings.env, TF_CPP_MIN_LOG_LEVEL: '3', NODE_OPTIONS: '' },
  });
  if (!result.ok) return { loads: false, reason: result.reason };
  return { loads: true, tensorflow: result.output.trim().split('\n').at(-1) ?? '' };
}

module.exports = { probeAddon };
