// @ts-check
'use strict';

const { join } = require('node:path');
const { buildNativeAddon } = require('./native-addon.cjs');

const FOLDER = join(__dirname, '../../../packages/towers/native');

/**
 * Builds the kernels that look up and update embedding tables. Without them JavaScript does the same, bit for bit.
 * @param {import('./settings.cjs').Settings} settings
 * @returns {Promise<string[]>} what is lost and why, in a line, or nothing
 */
async function setUpHostKernels({ skip, env }) {
  if (skip) return [];
  try {
    await buildNativeAddon({ folder: FOLDER, name: 'vector-recall-host-kernels', env });
    return [];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [
      `vector-recall: the native embedding kernels were not built: ${reason}. Embeddings are updated in JavaScript, which makes training slower. To get them, install a C++ compiler, then run "npm run setup-runtime".`,
    ];
  }
}

module.exports = { setUpHostKernels };
