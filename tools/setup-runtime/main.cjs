#!/usr/bin/env node
// @ts-check
'use strict';

const { endOnSignals } = require('./src/command.cjs');
const { setUpEngine } = require('./src/engine.cjs');
const { setUpHostKernels } = require('./src/host-kernels.cjs');
const { readSettings } = require('./src/settings.cjs');
const { setUpRuntime } = require('./src/setup.cjs');
const { describeOutcome } = require('./src/report.cjs');

/**
 * Runs after `npm ci`: leaves the fastest tfjs runtime that this machine can have, and the native index engine.
 * The install never fails for it: whatever goes wrong costs speed, and a line says so.
 */
async function main() {
  endOnSignals();
  const { settings, warnings } = readSettings(process.env);
  const engine = await setUpEngine(settings);
  const kernels = await setUpHostKernels(settings);
  const outcome = await setUpRuntime(settings);
  for (const line of [...warnings, ...describeOutcome(outcome), engine, ...kernels]) console.log(line);
}

main().catch((/** @type {unknown} */ error) => {
  const reason = error instanceof Error ? error.message : String(error);
  for (const line of describeOutcome({ runtime: 'wasm', reason })) console.log(line);
});
