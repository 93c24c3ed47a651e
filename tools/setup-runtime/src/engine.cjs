// @ts-check
'use strict';

const { buildAddon } = require('@vector-recall/native-addon');

/**
 * Compiles the native index engine where it is not there yet.
 * @param {import('./settings.cjs').Settings} settings
 * @returns {Promise<string>} what the user reads: one line
 */
async function setUpEngine(settings) {
  if (settings.skip) return withoutEngine('VECTOR_RECALL_SKIP_NATIVE is set', 'unset it');
  try {
    // Its own line in the try: hnswlib-node, whose headers it names, may be missing.
    const engine = require('@vector-recall/hnsw-index/native');
    await buildAddon(engine, settings.env);
    return 'vector-recall: the native index engine is ready.';
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return withoutEngine(reason, 'install a C++ compiler (Debian: build-essential)');
  }
}

/**
 * @param {string} reason
 * @param {string} remedy
 */
function withoutEngine(reason, remedy) {
  return (
    `vector-recall: the native index engine was not built: ${reason}. Indexes are searched by hnswlib-node, ` +
    `several times slower. To get it, ${remedy}, then run "npx vector-recall-setup".`
  );
}

module.exports = { setUpEngine };
