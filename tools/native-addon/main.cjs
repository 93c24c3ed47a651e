// @ts-check
'use strict';

const { resolve } = require('node:path');
const { emulateAddon } = require('./src/emulate.cjs');
const { buildAddon } = require('./src/native-addon.cjs');
const { sanitizeAddon } = require('./src/sanitize.cjs');

/** `node main.cjs build|sanitize|emulate FOLDER`, where the folder holds an `addon.cjs`. */
async function main() {
  const [task, folder] = process.argv.slice(2);
  /** @type {unknown} */
  const description = require(resolve(folder, 'addon.cjs'));
  const addon = /** @type {import('./src/native-addon.cjs').NativeAddon} */ (description);
  if (task === 'sanitize') await sanitizeAddon(addon, console.log);
  else if (task === 'emulate') await emulateAddon(addon, console.log);
  else console.log(await buildAddon(addon));
}

main().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof Error && error.cause !== undefined) console.error(error.cause);
  process.exitCode = 1;
});
