// @ts-check
'use strict';

const { dirname, join } = require('node:path');

/** What `tools/native-addon` compiles. hnswlib's headers are those that hnswlib-node ships. */
module.exports = {
  folder: __dirname,
  name: 'vector-recall-engine',
  includes: [join(dirname(require.resolve('hnswlib-node/package.json')), 'src')],
};
