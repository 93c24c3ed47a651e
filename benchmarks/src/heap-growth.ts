import { execFileSync } from 'node:child_process';
import { markdownTable } from './table';

/**
 * How often V8 collects the whole heap of a process that keeps 32 MB alive and replaces it fifteen times bit by bit, by how
 * much the heap may grow in between. Server and trainer set 100 % (packages/command-line/src/heap-growth.ts); that a running
 * process heeds the flag is seen from fewer collections at a higher figure.
 */
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

const collections = (percent: number): string =>
  execFileSync(process.execPath, ['-e', program, '--', `--heap-growing-percent=${percent}`], { encoding: 'utf8' });

process.stdout.write(
  `${markdownTable(
    ['growth', 'collections'],
    [20, 50, 100, 200].map((percent) => [`${percent} %`, collections(percent)]),
  )}\n`,
);
