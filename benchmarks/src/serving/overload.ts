import { Command } from 'commander';
import { machineShape } from '../machine';
import { markdownTable } from '../table';
import { closedLoad, openLoad, type TimedOutcome } from './node-load';
import { print } from './print';
import { NodeCaller, RequestMaker } from './recall-calls';
import { ServerProcess } from './server-process';
import { latenciesOf, mib, ms, percent, whole } from './statistics';

interface Options {
  readonly artifacts: string;
  readonly topK: number;
  readonly seconds: number;
  readonly times: number;
  readonly maxInFlight: number;
}

const RESOURCE_EXHAUSTED = 8;

function row(load: string, rate: number, outcomes: readonly TimedOutcome[], memory: number): string[] {
  const accepted = outcomes.filter(({ code }) => code === 0);
  const { p50, p99 } = latenciesOf(accepted.map(({ milliseconds }) => milliseconds));
  const shed = outcomes.filter(({ code }) => code === RESOURCE_EXHAUSTED).length;
  const others = outcomes.length - accepted.length - shed;
  return [
    load,
    whole(rate),
    whole(accepted.length),
    percent(shed / outcomes.length),
    whole(others),
    ms(p50),
    ms(p99),
    mib(memory),
  ];
}

async function main({ artifacts, topK, seconds, times, maxInFlight }: Options): Promise<void> {
  const requests = await RequestMaker.open(artifacts, topK);
  const server = await ServerProcess.start(artifacts, ['--max-in-flight', String(maxInFlight)]);
  const caller = new NodeCaller(server.target, 8);
  const call = (since?: number) => caller.recall(requests.recall(), since);
  try {
    await closedLoad(call, maxInFlight, { seconds: 2 });
    const full = await closedLoad(call, maxInFlight, { seconds });
    const saturation = full.filter(({ code }) => code === 0).length / seconds;
    const rows = [row('as many callers as are let in', saturation, full, server.residentBytes())];
    const normal = await openLoad(call, saturation * 0.8, { seconds });
    rows.push(row('80 % of saturation', saturation * 0.8, normal, server.residentBytes()));
    const over = await openLoad(call, saturation * times, { seconds });
    rows.push(row(`${times}× saturation`, saturation * times, over, server.residentBytes()));
    print(`Overload with --max-in-flight ${maxInFlight}, on ${machineShape()}\n`);
    print(
      markdownTable(
        [
          'load',
          'calls/s',
          'accepted',
          'shed (RESOURCE_EXHAUSTED)',
          'other failures',
          'p50 of accepted',
          'p99 of accepted',
          'server memory',
        ],
        rows,
      ),
    );
  } finally {
    caller.close();
    await server.stop();
  }
}

void main(
  new Command('overload')
    .description('More calls than the server can answer: how many it sheds, and what becomes of those that it accepts.')
    .requiredOption('--artifacts <folder>', 'a store, or the folder of one version')
    .option('--top-k <count>', 'candidates a call', Number, 500)
    .option('--seconds <seconds>', 'length of each measurement', Number, 10)
    .option('--times <factor>', 'the overload, as a multiple of saturation', Number, 3)
    .option('--max-in-flight <users>', 'bound of the server', Number, 16)
    .parse()
    .opts<Options>(),
);
