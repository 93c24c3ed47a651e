import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { machineShape } from '../machine';
import { markdownTable } from '../table';
import { runH2load } from './h2load';
import { print } from './print';
import { RequestMaker } from './recall-calls';
import { ServerProcess } from './server-process';
import { latenciesOf, mib, ms, whole } from './statistics';

interface Options {
  readonly artifacts: string;
  readonly topK: number;
  readonly calls: number;
  readonly stretch: number;
}

async function main({ artifacts, topK, calls, stretch }: Options): Promise<void> {
  const requests = await RequestMaker.open(artifacts, topK);
  const server = await ServerProcess.start(artifacts);
  const folder = mkdtempSync(join(tmpdir(), 'serving-soak-'));
  const frames = Array.from({ length: 4 }, (_, frame) => join(folder, `${frame}.bin`));
  const rows: string[][] = [];
  try {
    let answered = 0;
    while (answered < calls) {
      // Other users each time.
      for (const frame of frames) requests.writeFrame(frame);
      const load = { port: server.port, method: 'recall.v1.RecallService/Recall', frames, connections: 2, streams: 4 };
      const { callsPerSecond, milliseconds } = await runH2load({ ...load, seconds: stretch });
      const counts = await server.callCounts();
      answered = counts.get('Recall OK') ?? 0;
      rows.push([
        whole(answered),
        whole(callsPerSecond),
        ms(latenciesOf(milliseconds).p99),
        whole(await server.refusedCalls()),
        mib(server.residentBytes()),
      ]);
    }
    print(`Soak of ${whole(answered)} calls, on ${machineShape()}\n`);
    print(markdownTable(['calls answered', 'calls/s', 'p99', 'not answered', 'server memory'], rows));
  } finally {
    rmSync(folder, { recursive: true });
    await server.stop();
  }
}

void main(
  new Command('soak')
    .description('Calls at full speed for a long time: does memory stay flat?')
    .requiredOption('--artifacts <folder>', 'a store, or the folder of one version')
    .option('--top-k <count>', 'candidates a call', Number, 500)
    .option('--calls <count>', 'calls to answer', Number, 500_000)
    .option('--stretch <seconds>', 'seconds between two rows of the table', Number, 30)
    .parse()
    .opts<Options>(),
);
