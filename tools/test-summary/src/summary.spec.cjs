// @ts-check
'use strict';

const { mkdirSync, mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { dirname, join } = require('node:path');
const { SUMMARY_FILE, clearSummaries, countTests, summarise } = require('./summary.cjs');

describe('countTests', () => {
  it('counts a file that could not run as a failure, and names what was skipped', () => {
    const counts = countTests({
      numPassedTests: 3,
      numFailedTests: 1,
      numRuntimeErrorTestSuites: 1,
      testResults: [
        {
          testResults: [
            { status: 'passed', fullName: 'a' },
            { status: 'pending', fullName: 'needs python3-hnswlib' },
          ],
        },
        { testResults: [{ status: 'failed', fullName: 'b' }] },
      ],
    });
    expect(counts).toEqual({ passed: 3, failed: 2, skipped: ['needs python3-hnswlib'] });
  });
});

describe('summarise', () => {
  /** @type {string} */
  let workspace;

  beforeEach(() => {
    workspace = mkdtempSync(join(tmpdir(), 'test-summary-'));
  });

  afterEach(() => {
    rmSync(workspace, { recursive: true, force: true });
  });

  /**
   * @param {string} name
   * @param {object} [counts]
   */
  function project(name, counts) {
    const file = join(workspace, name, SUMMARY_FILE);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(join(workspace, name, 'jest.config.cjs'), '');
    if (counts) writeFileSync(file, JSON.stringify(counts));
  }

  it('sums over all projects and ends with one plain line', () => {
    project('packages/a', { passed: 2, failed: 0, skipped: [] });
    project('apps/b', { passed: 3, failed: 0, skipped: [] });
    expect(summarise(workspace)).toEqual({ lines: ['5 passed, 0 failed'], ok: true });
  });

  it('is not ok with a failure', () => {
    project('packages/a', { passed: 2, failed: 1, skipped: ['x'] });
    expect(summarise(workspace)).toEqual({
      lines: [`${join('packages', 'a')}: skipped: x`, '2 passed, 1 failed, 1 skipped'],
      ok: false,
    });
  });

  it('is not ok when a project did not run', () => {
    project('packages/a', { passed: 2, failed: 0, skipped: [] });
    project('packages/b');
    expect(summarise(workspace)).toEqual({
      lines: [`${join('packages', 'b')}: its tests did not run`, '2 passed, 0 failed'],
      ok: false,
    });
  });

  it('is not ok when there was nothing to run, and forgets an earlier run', () => {
    project('packages/a', { passed: 2, failed: 0, skipped: [] });
    clearSummaries(workspace);
    expect(summarise(workspace).ok).toBe(false);
    rmSync(join(workspace, 'packages'), { recursive: true });
    expect(summarise(workspace)).toEqual({ lines: ['0 passed, 0 failed'], ok: false });
  });
});
