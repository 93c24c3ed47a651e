import { Command } from 'commander';
import { setTimeout as pause } from 'node:timers/promises';
import { machineShape } from '../machine';
import { markdownTable } from '../table';
import { closedLoad } from './node-load';
import { print } from './print';
import { NodeCaller, RequestMaker } from './recall-calls';
import { ServerProcess } from './server-process';
import { whole } from './statistics';

interface Options {
  readonly artifacts: string;
  readonly topK: number;
  readonly rounds: number;
  readonly callers: number;
}

/** What a caller sees of a call that the server had not let in; it may be repeated elsewhere. */
const UNAVAILABLE = 14;

async function round(requests: RequestMaker, { artifacts, callers }: Options): Promise<string[]> {
  const server = await ServerProcess.start(artifacts);
  const caller = new NodeCaller(server.target, 8);
  const stopped = new AbortController();
  const load = closedLoad(() => caller.recall(requests.recall()), callers, { seconds: 60, signal: stopped.signal });
  await pause(1500);
  const signalAt = performance.now();
  server.kill('SIGTERM');
  const { code } = await server.exited;
  const tookMs = performance.now() - signalAt;
  stopped.abort();
  const outcomes = await load;
  caller.close();
  // Of the calls that began before the signal, each must be answered; those after it are refused.
  const inFlight = outcomes.filter(({ at, milliseconds }) => at < signalAt && at + milliseconds >= signalAt);
  const failed = outcomes.filter(({ at, code: status }) => at < signalAt && status !== 0);
  const refused = outcomes.filter(({ at, code: status }) => at >= signalAt && status === UNAVAILABLE);
  const others = outcomes.filter(({ at, code: status }) => at >= signalAt && status !== 0 && status !== UNAVAILABLE);
  return [
    whole(inFlight.length),
    whole(failed.length),
    whole(refused.length),
    whole(others.length),
    String(code),
    `${whole(tookMs)} ms`,
  ];
}

async function main(options: Options): Promise<void> {
  const requests = await RequestMaker.open(options.artifacts, options.topK);
  print(`SIGTERM under the load of ${options.callers} callers, on ${machineShape()}\n`);
  const rows: string[][] = [];
  for (let i = 0; i < options.rounds; i++) rows.push(await round(requests, options));
  print(
    markdownTable(
      [
        'in flight at SIGTERM',
        'failed of those begun before',
        'refused after (UNAVAILABLE)',
        'other failures',
        'exit code',
        'time to exit',
      ],
      rows,
    ),
  );
}

void main(
  new Command('shutdown')
    .description('Stops a server that is under load, and looks at what became of every call.')
    .requiredOption('--artifacts <folder>', 'a store, or the folder of one version')
    .option('--top-k <count>', 'candidates a call', Number, 500)
    .option('--rounds <count>', 'servers that are stopped', Number, 5)
    .option('--callers <count>', 'calls at once', Number, 32)
    .parse()
    .opts<Options>(),
);
