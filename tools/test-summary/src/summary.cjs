// @ts-check
'use strict';

const { existsSync, readFileSync, readdirSync, rmSync } = require('node:fs');
const { join, relative } = require('node:path');

/** Where a project's counts stand, relative to its folder; nx.json names it as the test target's output. */
const SUMMARY_FILE = join('test-output', 'summary.json');
const CONFIG_FILE = 'jest.config.cjs';
const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', 'artifacts', 'src', 'gen']);

/**
 * What is read of jest's results.
 * @typedef {object} JestResults
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numRuntimeErrorTestSuites
 * @property {readonly { testResults: readonly { status: string, fullName: string }[] }[]} testResults
 */

/**
 * @typedef {{ passed: number, failed: number, skipped: readonly string[] }} Counts
 */

/**
 * @param {JestResults} results
 * @returns {Counts} a file that could not run at all counts as one failure
 */
function countTests(results) {
  const tests = results.testResults.flatMap((file) => file.testResults);
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    skipped: tests.filter(({ status }) => ['pending', 'todo'].includes(status)).map(({ fullName }) => fullName),
  };
}

/**
 * @param {string} workspace
 * @returns {string[]} the folders of the projects that have tests
 */
function testedProjects(workspace) {
  /** @type {string[]} */
  const found = [];
  /** @param {string} folder */
  const visit = (folder) => {
    if (existsSync(join(folder, CONFIG_FILE))) found.push(folder);
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (!entry.isDirectory() || entry.name.startsWith('.') || SKIPPED_FOLDERS.has(entry.name)) continue;
      visit(join(folder, entry.name));
    }
  };
  visit(workspace);
  return found.sort();
}

/**
 * Takes away what an earlier run left, so that only this run is counted.
 * @param {string} workspace
 */
function clearSummaries(workspace) {
  for (const folder of testedProjects(workspace)) rmSync(join(folder, SUMMARY_FILE), { force: true });
}

/**
 * @param {string} workspace
 * @returns {{ lines: string[], ok: boolean }} ok: every project ran, and no test failed
 */
function summarise(workspace) {
  const lines = [];
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  let missing = 0;
  for (const folder of testedProjects(workspace)) {
    const name = relative(workspace, folder);
    const counts = readCounts(join(folder, SUMMARY_FILE));
    if (!counts) {
      missing += 1;
      lines.push(`${name}: its tests did not run`);
      continue;
    }
    passed += counts.passed;
    failed += counts.failed;
    skipped += counts.skipped.length;
    for (const test of counts.skipped) lines.push(`${name}: skipped: ${test}`);
  }
  lines.push(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return { lines, ok: failed === 0 && missing === 0 && passed > 0 };
}

/**
 * @param {string} file
 * @returns {Counts | undefined}
 */
function readCounts(file) {
  if (!existsSync(file)) return undefined;
  /** @type {unknown} */
  const counts = JSON.parse(readFileSync(file, 'utf8'));
  // Only the reporter beside this file writes it, in this same run.
  return /** @type {Counts} */ (counts);
}

module.exports = { SUMMARY_FILE, clearSummaries, countTests, summarise };
