// @ts-check
'use strict';

const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { SUMMARY_FILE, countTests } = require('./src/summary.cjs');

/**
 * Leaves a project's counts in a file that Nx caches with the test's other results,
 * so that a run which takes some projects from the cache still counts them.
 */
class SummaryReporter {
  /** @param {{ rootDir: string }} globalConfig */
  constructor(globalConfig) {
    this.file = join(globalConfig.rootDir, SUMMARY_FILE);
  }

  /**
   * @param {Set<unknown>} _contexts
   * @param {import('./src/summary.cjs').JestResults} results
   */
  onRunComplete(_contexts, results) {
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(this.file, JSON.stringify(countTests(results), null, 2));
  }
}

module.exports = SummaryReporter;
