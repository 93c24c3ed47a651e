// @ts-check
'use strict';

const { installAddon } = require('@vector-recall/native-addon/install');
const addon = require('./addon.cjs');

installAddon(addon, 'Indexes are searched by hnswlib-node, several times slower.').then((line) => {
  if (line !== undefined) console.warn(line);
});
