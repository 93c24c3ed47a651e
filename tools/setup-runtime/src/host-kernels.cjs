// @ts-check
'use strict';

const { buildAddon } = require('@vector-recall/native-addon');
const hostKernels = require('@vector-recall/towers/native');

/**
 * Builds the kernels that look up and update embedding tables. Without them JavaScript does the same, bit for bit.
 * @param {import('./settings.cjs').Settings} settings
 * @returns {Promise<string[]>} what is lost and why, in a line, or nothing
 */
async function setUpHostKernels({ skip, env }) {
  if (skip) return [];
  try {
    await buildAddon(hostKernels, env);
    return [];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [
      `vector-recall: the native embedding kernels were not built: ${reason}. Embeddings are updated in JavaScript, which makes training slower. To get them, install a C++ compiler, then run "npx vector-recall-setup".`,
    ];
  }
}

module.exports = { setUpHostKernels };
