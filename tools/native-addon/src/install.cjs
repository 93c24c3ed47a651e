// @ts-check
'use strict';

const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { buildAddon } = require('./native-addon.cjs');

/**
 * The install script of a package that has an addon. It never fails an install: without the addon the package does the
 * same more slowly. In a checkout it does nothing, because `tools/setup-runtime` compiles all addons there.
 * @param {import('./native-addon.cjs').NativeAddon} addon
 * @param {string} consequence what is lost without it, as a sentence
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<string | undefined>} what went wrong and what to do, or nothing
 */
async function installAddon(addon, consequence, env = process.env) {
  if (existsSync(join(addon.folder, '../../../nx.json'))) return undefined;
  if (['1', 'true', 'yes'].includes((env.VECTOR_RECALL_SKIP_NATIVE || '').toLowerCase())) return undefined;
  try {
    await buildAddon(addon, env);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return (
      `vector-recall: the native addon ${addon.name} was not built: ${reason}. ${consequence} ` +
      'To build it, install a C++ compiler (Debian: build-essential), then run "npx vector-recall-setup".'
    );
  }
}

module.exports = { installAddon };
