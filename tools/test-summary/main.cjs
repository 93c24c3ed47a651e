// @ts-check
'use strict';

const { resolve } = require('node:path');
const { clearSummaries, summarise } = require('./src/summary.cjs');

/** `clear` before a test run, nothing after it: prints the sum over all projects and fails if one failed or is missing. */
const workspace = resolve(__dirname, '..', '..');
if (process.argv[2] === 'clear') {
  clearSummaries(workspace);
} else {
  const { lines, ok } = summarise(workspace);
  for (const line of lines) console.log(line);
  process.exitCode = ok ? 0 : 1;
}
