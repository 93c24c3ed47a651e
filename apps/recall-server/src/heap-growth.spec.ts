import { execFileSync } from 'node:child_process';
import { heapGrowthFlag } from './heap-growth';

/** Keeps 32 MB alive, replaces it fifteen times bit by bit, and prints how often all of the heap was collected. */
const program = `
  const { constants, PerformanceObserver } = require('node:perf_hooks');
  const [flag] = process.argv.slice(1);
  require('node:v8').setFlagsFromString(flag);
  let collections = 0;
  new PerformanceObserver((list) => {
    for (const { detail } of list.getEntries()) if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) collections++;
  }).observe({ entryTypes: ['gc'] });
  const alive = Array.from({ length: 40000 }, () => new Array(100).fill(0));
  let step = 0;
  const run = () => {
    for (let i = 0; i < 2000; i++) alive[(step * 2000 + i) % alive.length] = new Array(100).fill(step);
    if (++step < 300) setImmediate(run);
    else setTimeout(() => process.stdout.write(String(collections)), 50);
  };
  run();
`;

const collections = (flag: string): number =>
  Number(execFileSync(process.execPath, ['-e', program, '--', flag], { encoding: 'utf8' }));

it('is a flag that V8 heeds in a process that runs', () => {
  const often = collections('--heap-growing-percent=20');
  expect(often).toBeGreaterThan(8);
  expect(collections(heapGrowthFlag)).toBeLessThan(often / 2);
});
