import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchRecallRequest } from '@vector-recall/recall-grpc';
import { Command, InvalidArgumentError } from 'commander';
import { machineShape } from '../machine';
import { markdownTable } from '../table';
import { runH2load, type H2loadOptions } from './h2load';
import { closedLoad, failuresOf, openLoad } from './node-load';
import { print } from './print';
import { NodeCaller, RequestMaker } from './recall-calls';
import { inRounds, roundsCells, roundsHead, type Measurement, type RoundsRow } from './rounds';
import { ServerProcess } from './server-process';
import { latenciesOf, mib, percent, whole } from './statistics';

interface Options {
  readonly artifacts: string;
  readonly topK: number;
  readonly efSearch?: number;
  readonly seconds: number;
  readonly rounds: number;
  readonly clients: string;
  readonly server: string;
}

const loads = [0.25, 0.5, 0.8] as const;
const BATCH = 64;
const WARM_UP_SECONDS = 8;

/** Different requests that h2load sends; each has a process of its own. */
const FRAMES = 4;

/** A load generator; each takes what its load is called. */
interface Generator {
  readonly most: (load: string) => Promise<Measurement>;
  readonly atRate: (load: string, callsPerSecond: number) => Promise<Measurement>;
  readonly batches: (load: string) => Promise<Measurement>;
}

function measureLoads(rounds: number, { most, atRate, batches }: Generator): Promise<RoundsRow[]> {
  return inRounds(rounds, async () => {
    const measured = [await most('saturation')];
    for (const share of loads) measured.push(await atRate(percent(share), measured[0].callsPerSecond * share));
    return [...measured, await batches(`batches of ${BATCH}`)];
  });
}

async function measureH2load(server: ServerProcess, requests: RequestMaker, options: Options): Promise<RoundsRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'serving-load-'));
  try {
    const frames = Array.from({ length: FRAMES }, (_, frame) => join(folder, `${frame}.bin`));
    for (const frame of frames) requests.writeFrame(frame);
    const batchFrame = join(folder, 'batch.bin');
    requests.writeFrame(batchFrame, BatchRecallRequest.encode(requests.batch(BATCH)).finish());
    const recall = { port: server.port, method: 'recall.v1.RecallService/Recall', frames, seconds: options.seconds };
    const allItCan: H2loadOptions = { ...recall, connections: 8, streams: 1 };
    const method = 'recall.v1.RecallService/BatchRecall';
    const batches: H2loadOptions = { ...recall, method, frames: [batchFrame], connections: 2, streams: 1 };
    const measure = async (load: string, h2load: H2loadOptions): Promise<Measurement> => {
      const before = await server.refusedCalls();
      const { callsPerSecond, milliseconds, failed } = await runH2load(h2load);
      const refused = (await server.refusedCalls()) - before;
      return { client: 'h2load', load, callsPerSecond, latencies: latenciesOf(milliseconds), failed: failed + refused };
    };
    // V8 compiles what a new server runs for some seconds, in which it answers fewer calls.
    await runH2load({ ...allItCan, seconds: WARM_UP_SECONDS });
    return await measureLoads(options.rounds, {
      most: (load) => measure(load, allItCan),
      atRate: (load, callsPerSecond) => measure(load, { ...recall, callsPerSecond, arrivals: 'random' }),
      batches: (load) => measure(load, batches),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measureNode(server: ServerProcess, requests: RequestMaker, options: Options): Promise<RoundsRow[]> {
  const { seconds } = options;
  const caller = new NodeCaller(server.target, 4);
  try {
    const measured = (load: string, outcomes: Awaited<ReturnType<typeof closedLoad>>): Measurement => ({
      client: 'Node',
      load,
      callsPerSecond: outcomes.length / seconds,
      latencies: latenciesOf(outcomes.map(({ milliseconds }) => milliseconds)),
      failed: failuresOf(outcomes),
    });
    await closedLoad(() => caller.recall(requests.recall()), 32, { seconds: 1 });
    return await measureLoads(options.rounds, {
      most: async (load) => measured(load, await closedLoad(() => caller.recall(requests.recall()), 32, { seconds })),
      atRate: async (load, rate) =>
        measured(load, await openLoad((since) => caller.recall(requests.recall(), since), rate, { seconds })),
      batches: async (load) =>
        measured(load, await closedLoad(() => caller.batchRecall(requests.batch(BATCH)), 2, { seconds })),
    });
  } finally {
    caller.close();
  }
}

async function main(options: Options): Promise<void> {
  const requests = await RequestMaker.open(options.artifacts, options.topK, options.efSearch);
  const server = await ServerProcess.start(options.artifacts, options.server.split(' ').filter(Boolean));
  print(`Recall of the best ${options.topK} of ${whole(requests.itemCount)} items, on ${machineShape()}\n`);
  const rows: RoundsRow[] = [];
  try {
    if (options.clients.includes('h2load')) rows.push(...(await measureH2load(server, requests, options)));
    if (options.clients.includes('node')) rows.push(...(await measureNode(server, requests, options)));
    print(markdownTable(roundsHead, rows.map(roundsCells)));
    for (const { client, callsPerSecond } of rows.filter(({ load }) => load.startsWith('batches'))) {
      print(`\nBatchRecall(${BATCH}) from ${client}: ${whole(callsPerSecond * BATCH)} users/s`);
    }
    print(`\nServer memory after it: ${mib(server.residentBytes())}`);
  } finally {
    await server.stop();
  }
}

function countOfRounds(text: string): number {
  const rounds = Number(text);
  if (!Number.isInteger(rounds) || rounds < 1) throw new InvalidArgumentError('It must be an integer of at least 1.');
  return rounds;
}

void main(
  new Command('load')
    .description(
      'Calls per second and latency of the recall server. The load generators run beside it on the same machine.\n' +
        'At a set rate h2load calls at random times and the Node client at even ones, whatever the answers do; the Node\n' +
        'client counts from when a call was due.',
    )
    .requiredOption('--artifacts <folder>', 'a store, or the folder of one version')
    .option('--top-k <count>', 'candidates a call', Number, 500)
    .option('--ef-search <count>', 'candidates that a search expands, instead of what the artifact says', Number)
    .option('--seconds <seconds>', 'length of each measurement', Number, 8)
    .option('--rounds <count>', 'times that everything is measured; the table has the medians', countOfRounds, 3)
    .option('--clients <names>', 'load generators, with commas between', 'h2load,node')
    .option('--server <flags>', 'further flags of vector-recall-server, in one argument', '')
    .parse()
    .opts<Options>(),
);
