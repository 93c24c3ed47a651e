// @ts-check
'use strict';

/**
 * @typedef {{ runtime: 'native', tensorflow: string, origin: string }
 *   | { runtime: 'wasm', reason: string, remedy?: string }} Outcome
 */

const DEFAULT_REMEDY =
  'install pip (or set LIBTENSORFLOW_DIR to an unpacked libtensorflow) and a C++ compiler, then run "npx vector-recall-setup"';

/**
 * What the user reads at the end of `npm ci`: one line.
 * @param {Outcome} outcome
 * @returns {string[]}
 */
function describeOutcome(outcome) {
  if (outcome.runtime === 'native') {
    return [`vector-recall: native TensorFlow ${outcome.tensorflow} is ready (${outcome.origin}).`];
  }
  const remedy = outcome.remedy ?? DEFAULT_REMEDY;
  return [
    `vector-recall: native TensorFlow was not set up: ${outcome.reason}. ` +
      `Training runs on WASM, several times slower. To get it back, ${remedy}.`,
  ];
}

module.exports = { describeOutcome };
