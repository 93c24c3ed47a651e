// @ts-check
'use strict';

const { request } = require('node:https');
const { dirname, join } = require('node:path');
const { run } = require('./command.cjs');
const { buildTool } = require('./package.cjs');

/** The host answers within a second or not at all: a firewall that swallows packets would hold the script for minutes. */
const REACH_TIMEOUT_MS = 5_000;
/** The CUDA build of libtensorflow that it downloads has 350 MB. */
const SCRIPT_TIMEOUT_MS = 15 * 60_000;
const STOCK_HOST = 'https://storage.googleapis.com/';

/**
 * Runs the package's own install script, which downloads libtensorflow and a prebuilt addon.
 * @param {import('./package.cjs').AddonPackage} addon
 * @param {import('./settings.cjs').Settings} settings
 * @returns {Promise<boolean>} whether it ended well
 */
async function runStockScript(addon, settings) {
  const { env } = settings;
  const mirrored = Object.keys(env).some((name) =>
    /^(npm_config_)?(tfjs_node_cdn_storage|tfjs_node_base_uri|cdn_storage)$/i.test(name),
  );
  const proxied = Boolean(env.https_proxy || env.HTTPS_PROXY || env.npm_config_https_proxy);
  if (!mirrored && !proxied && !(await answers(STOCK_HOST))) return false;
  const tool = buildTool(addon.folder);
  if (!tool) return false;
  // The script calls node-pre-gyp by name; npm would have put it on the path.
  const path = [join(dirname(tool), '..', '..', '..', '.bin'), env.PATH].join(':');
  const result = await run(process.execPath, ['scripts/install.js', 'gpu', 'download'], {
    timeoutMs: SCRIPT_TIMEOUT_MS,
    cwd: addon.folder,
    env: { ...env, PATH: path },
  });
  return result.ok;
}

/**
 * @param {string} url
 * @returns {Promise<boolean>} whether its host answers at all
 */
function answers(url) {
  return new Promise((done) => {
    const probe = request(url, { method: 'HEAD', timeout: REACH_TIMEOUT_MS }, (response) => {
      response.resume();
      done(true);
    });
    probe.on('timeout', () => probe.destroy());
    for (const end of ['error', 'close']) {
      probe.on(end, () => {
        done(false);
      });
    }
    probe.end();
  });
}

module.exports = { answers, runStockScript };
