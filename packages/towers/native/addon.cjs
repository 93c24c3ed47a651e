// @ts-check
'use strict';

/** What `tools/native-addon` compiles. */
module.exports = { folder: __dirname, name: 'vector-recall-host-kernels', includes: [] };
