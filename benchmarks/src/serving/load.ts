import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchRecallRequest } from '@vector-recall/recall-grpc';
import { Command } from 'commander';
import { machineShape } from '../machine';
import { markdownTable } from '../table';
import { runH2load, type H2loadOptions } from './h2load';
import { closedLoad, failuresOf, openLoad } from './node-load';
import { print } from './print';
import { NodeCaller, RequestMaker } from './recall-calls';
import { ServerProcess } from './server-process';
import { latenciesOf, mib, ms, percent, whole, type Latencies } from './statistics';

interface Options {
  readonly artifacts: string;
  readonly topK: number;
  readonly efSearch?: number;
  readonly seconds: number;
  readonly clients: string;
  readonly server: string;
}

const loads = [0.25, 0.5, 0.8] as const;
const BATCH = 64;
const WARM_UP_SECONDS = 8;

/** Different requests that h2load sends; each has a process of its own. */
const FRAMES = 4;

interface Row {
  readonly client: string;
  readonly load: string;
  readonly callsPerSecond: number;
  readonly latencies: Latencies;
  readonly failed: number;
}

const cells = ({ client, load, callsPerSecond, latencies, failed }: Row): string[] => [
  client,
  load,
  whole(callsPerSecond),
  ms(latencies.p50),
  ms(latencies.p95),
  ms(latencies.p99),
  whole(failed),
];

async function measureH2load(server: ServerProcess, requests: RequestMaker, options: Options): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'serving-load-'));
  try {
    const frames = Array.from({ length: FRAMES }, (_, frame) => join(folder, `${frame}.bin`));
    for (const frame of frames) requests.writeFrame(frame);
    const recall = { port: server.port, method: 'recall.v1.RecallService/Recall', frames, seconds: options.seconds };
    const measure = async (load: string, h2load: H2loadOptions): Promise<Row> => {
      const before = await server.refusedCalls();
      const { callsPerSecond, milliseconds, failed } = await runH2load(h2load);
      const refused = (await server.refusedCalls()) - before;
      return { client: 'h2load', load, callsPerSecond, latencies: latenciesOf(milliseconds), failed: failed + refused };
    };
    const allItCan: H2loadOptions = { ...recall, connections: 8, streams: 1 };
    // V8 compiles what a new server runs for some seconds, in which it answers fewer calls.
    await runH2load({ ...allItCan, seconds: WARM_UP_SECONDS });
    const rows = [await measure('all it can', allItCan)];
    for (const load of loads) {
      rows.push(
        await measure(percent(load), { ...recall, callsPerSecond: rows[0].callsPerSecond * load, arrivals: 'random' }),
      );
    }
    requests.writeFrame(frames[0], BatchRecallRequest.encode(requests.batch(BATCH)).finish());
    const method = 'recall.v1.RecallService/BatchRecall';
    const batch = { ...recall, method, frames: frames.slice(0, 1), connections: 2, streams: 1 };
    rows.push(await measure(`batches of ${BATCH}`, batch));
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measureNode(server: ServerProcess, requests: RequestMaker, { seconds }: Options): Promise<Row[]> {
  const caller = new NodeCaller(server.target, 4);
  try {
    const row = (load: string, outcomes: Awaited<ReturnType<typeof closedLoad>>): Row => ({
      client: 'Node',
      load,
      callsPerSecond: outcomes.length / seconds,
      latencies: latenciesOf(outcomes.map(({ milliseconds }) => milliseconds)),
      failed: failuresOf(outcomes),
    });
    await closedLoad(() => caller.recall(requests.recall()), 32, { seconds: 1 });
    const rows = [row('all it can', await closedLoad(() => caller.recall(requests.recall()), 32, { seconds }))];
    for (const load of loads) {
      const rate = rows[0].callsPerSecond * load;
      rows.push(
        row(percent(load), await openLoad((since) => caller.recall(requests.recall(), since), rate, { seconds })),
      );
    }
    rows.push(
      row(`batches of ${BATCH}`, await closedLoad(() => caller.batchRecall(requests.batch(BATCH)), 2, { seconds })),
    );
    return rows;
  } finally {
    caller.close();
  }
}

async function main(options: Options): Promise<void> {
  const requests = await RequestMaker.open(options.artifacts, options.topK, options.efSearch);
  const server = await ServerProcess.start(options.artifacts, options.server.split(' ').filter(Boolean));
  print(`Recall of the best ${options.topK} of ${whole(requests.itemCount)} items, on ${machineShape()}\n`);
  const rows: Row[] = [];
  try {
    if (options.clients.includes('h2load')) rows.push(...(await measureH2load(server, requests, options)));
    if (options.clients.includes('node')) rows.push(...(await measureNode(server, requests, options)));
    print(markdownTable(['client', 'load', 'calls/s', 'p50', 'p95', 'p99', 'not answered'], rows.map(cells)));
    for (const { client, callsPerSecond } of rows.filter(({ load }) => load.startsWith('batches'))) {
      print(`\nBatchRecall(${BATCH}) from ${client}: ${whole(callsPerSecond * BATCH)} users/s`);
    }
    print(`\nServer memory after it: ${mib(server.residentBytes())}`);
  } finally {
    await server.stop();
  }
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
    .option('--clients <names>', 'load generators, with commas between', 'h2load,node')
    .option('--server <flags>', 'further flags of vector-recall-server, in one argument', '')
    .parse()
    .opts<Options>(),
);
