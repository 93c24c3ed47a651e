// @ts-check
'use strict';

const { installAddon } = require('@vector-recall/native-addon/install');
const addon = require('./addon.cjs');

installAddon(addon, 'Embeddings are updated in JavaScript, which makes training slower.').then((line) => {
  if (line !== undefined) console.warn(line);
});
