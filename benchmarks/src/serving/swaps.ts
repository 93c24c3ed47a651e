import { ModelStore } from '@vector-recall/model-store';
import { Command } from 'commander';
import { setTimeout as pause } from 'node:timers/promises';
import { machineShape } from '../machine';
import { markdownTable } from '../table';
import { failuresOf, openLoad, type TimedOutcome } from './node-load';
import { print } from './print';
import { NodeCaller, RequestMaker } from './recall-calls';
import { ServerProcess } from './server-process';
import { latenciesOf, mib, ms, whole } from './statistics';

interface Options {
  readonly artifacts: string;
  readonly topK: number;
  readonly rate: number;
  readonly swaps: number;
}

interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Promotes one version, then the other, and waits each time until answers come from it. */
async function swap(store: ModelStore, versions: readonly string[], count: number, latest: () => string | undefined) {
  const intervals: Interval[] = [];
  for (let i = 0; i < count; i++) {
    const wanted = versions[(i + 1) % versions.length];
    // Verifying the artifact before the promotion is the store's work, not the server's.
    await store.promote(wanted);
    const from = performance.now();
    while (latest() !== wanted) await pause(2);
    intervals.push({ from, to: performance.now() });
    await pause(500);
  }
  return intervals;
}

const isDuring = (intervals: readonly Interval[], { at }: TimedOutcome): boolean =>
  intervals.some(({ from, to }) => at >= from && at <= to);

async function main({ artifacts, topK, rate, swaps }: Options): Promise<void> {
  const store = new ModelStore(artifacts);
  const current = await store.currentVersion();
  const versions = (await store.list()).map(({ version }) => version).filter((version) => version !== current);
  if (current === undefined || versions.length === 0)
    throw new Error(`${artifacts} needs two versions to swap between.`);
  const requests = await RequestMaker.open(artifacts, topK);
  const server = await ServerProcess.start(artifacts);
  const caller = new NodeCaller(server.target, 4);
  const done = new AbortController();
  let latest: string | undefined;
  const memory: number[] = [];
  const sampling = setInterval(() => memory.push(server.residentBytes()), 250);
  try {
    const load = openLoad(
      async (since) => {
        const outcome = await caller.recall(requests.recall(), since);
        latest = outcome.version ?? latest;
        return outcome;
      },
      rate,
      { seconds: 3600, signal: done.signal },
    );
    await pause(2000);
    const intervals = await swap(store, [current, versions[0]], swaps, () => latest);
    done.abort();
    const outcomes = await load;
    const rows = [true, false].map((during) => {
      const part = outcomes.filter((outcome) => isDuring(intervals, outcome) === during);
      const { calls, p50, p95, p99 } = latenciesOf(part.map(({ milliseconds }) => milliseconds));
      return [during ? 'during a swap' : 'otherwise', whole(calls), ms(p50), ms(p95), ms(p99), whole(failuresOf(part))];
    });
    const swapMs = latenciesOf(intervals.map(({ from, to }) => to - from));
    print(`${swaps} swaps of ${whole(requests.itemCount)} items at ${whole(rate)} calls/s, on ${machineShape()}\n`);
    print(markdownTable(['calls', 'count', 'p50', 'p95', 'p99', 'failed'], rows));
    print(`\nPromotion to first answer: p50 ${ms(swapMs.p50)}, p99 ${ms(swapMs.p99)}`);
    print(
      `Server memory: ${mib(memory[0])} at the start, ${mib(Math.max(...memory))} at most, ${mib(memory.at(-1) ?? NaN)} at the end`,
    );
  } finally {
    clearInterval(sampling);
    caller.close();
    await server.stop();
    await store.promote(current);
  }
}

void main(
  new Command('swaps')
    .description('Calls at a fixed rate while the store is switched between two versions, again and again.')
    .requiredOption('--artifacts <folder>', 'a store that holds at least two versions')
    .option('--top-k <count>', 'candidates a call', Number, 500)
    .option('--rate <calls>', 'calls per second', Number, 200)
    .option('--swaps <count>', 'how often the version changes', Number, 50)
    .parse()
    .opts<Options>(),
);
