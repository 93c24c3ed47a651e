import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { setTimeout as pause } from 'node:timers/promises';
import { machineShape } from '../machine';
import { markdownTable } from '../table';
import { runH2load, type H2loadOptions } from './h2load';
import { openLoad, type TimedOutcome } from './node-load';
import { print } from './print';
import { NodeCaller, RequestMaker } from './recall-calls';
import { ServerProcess } from './server-process';
import { latenciesOf, mib, ms, percent, whole } from './statistics';

interface Options {
  readonly artifacts: string;
  readonly topK: number;
  readonly seconds: number;
  readonly times: number;
  readonly server: string;
}

const RESOURCE_EXHAUSTED = 8;
/** Calls per second of the prober: few enough to add nothing to the load. */
const PROBES = 100;
/** Until h2load has opened all its connections. */
const RAMP_MS = 700;
const FRAMES = 4;

/** What a load did to the server, and to the few calls of a client that had no part in it. */
interface Row {
  readonly load: string;
  readonly offered: number;
  readonly answered: number;
  readonly shed: number;
  readonly others: number;
  readonly probes: readonly TimedOutcome[];
  readonly memory: number;
}

class Overload {
  readonly #folder = mkdtempSync(join(tmpdir(), 'serving-overload-'));
  readonly #frames = Array.from({ length: FRAMES }, (_, frame) => join(this.#folder, `${frame}.bin`));
  readonly #prober: NodeCaller;

  constructor(
    private readonly server: ServerProcess,
    private readonly requests: RequestMaker,
    private readonly seconds: number,
  ) {
    for (const frame of this.#frames) requests.writeFrame(frame);
    this.#prober = new NodeCaller(server.target, 1);
  }

  /** @param callsPerSecond absent for as many as 32 callers make */
  async measure(load: string, callsPerSecond?: number): Promise<Row> {
    const { server, requests, seconds } = this;
    const method = 'recall.v1.RecallService/Recall';
    const target = { port: server.port, method, frames: this.#frames, seconds };
    const h2load: H2loadOptions =
      callsPerSecond === undefined
        ? { ...target, connections: 8, streams: 1 }
        : { ...target, callsPerSecond, arrivals: 'ticks' };
    const ended = runH2load(h2load);
    await pause(RAMP_MS);
    const since = performance.now();
    const before = await server.callCounts();
    const probes = await openLoad((at) => this.#prober.recall(requests.recall(), at), PROBES, { seconds });
    const after = await server.callCounts();
    const tookSeconds = (performance.now() - since) / 1000;
    const memory = server.residentBytes();
    await ended;
    const perSecond = (wanted: RegExp): number => {
      let count = 0;
      for (const [key, value] of after) if (wanted.test(key)) count += value - (before.get(key) ?? 0);
      return count / tookSeconds;
    };
    const answered = perSecond(/ OK$/);
    const shed = perSecond(/ RESOURCE_EXHAUSTED$/);
    const others = perSecond(/ (?!OK|RESOURCE_EXHAUSTED|CANCELLED)\w+$/) * tookSeconds;
    return { load, offered: answered + shed, answered, shed, others, probes, memory };
  }

  close(): void {
    this.#prober.close();
    rmSync(this.#folder, { recursive: true });
  }
}

function cells({ load, offered, answered, shed, others, probes, memory }: Row): string[] {
  const accepted = probes.filter(({ code }) => code === 0);
  const { p50, p99 } = latenciesOf(accepted.map(({ milliseconds }) => milliseconds));
  const failed = probes.filter(({ code }) => code !== 0 && code !== RESOURCE_EXHAUSTED).length;
  const perSecond = [offered, answered, shed].map(whole);
  return [load, ...perSecond, percent(shed / (answered + shed)), whole(others + failed), ms(p50), ms(p99), mib(memory)];
}

async function main({ artifacts, topK, seconds, times, server: flags }: Options): Promise<void> {
  const requests = await RequestMaker.open(artifacts, topK);
  const server = await ServerProcess.start(artifacts, flags.split(' ').filter(Boolean));
  const overload = new Overload(server, requests, seconds);
  try {
    await overload.measure('warm-up');
    const full = await overload.measure('saturation, 32 callers');
    const rows = [
      full,
      await overload.measure('80 % of that', full.answered * 0.8),
      await overload.measure(`${times} times that`, full.answered * times),
      await overload.measure('80 % again', full.answered * 0.8),
    ];
    print(`Overload${flags === '' ? '' : ` with ${flags}`}, on ${machineShape()}\n`);
    const perSecond = ['offered/s', 'answered/s', 'shed/s'];
    const accepted = ['p50 of accepted', 'p99 of accepted'];
    print(
      markdownTable(['load', ...perSecond, 'shed', 'other failures', ...accepted, 'server memory'], rows.map(cells)),
    );
  } finally {
    overload.close();
    await server.stop();
  }
}

void main(
  new Command('overload')
    .description(
      'More calls than the server can answer: how many it sheds (RESOURCE_EXHAUSTED), and what becomes of those that it\n' +
        'accepts. h2load makes the load; the times are those of a Node client beside it that calls 100 times a second.',
    )
    .requiredOption('--artifacts <folder>', 'a store, or the folder of one version')
    .option('--top-k <count>', 'candidates a call', Number, 500)
    .option('--seconds <seconds>', 'length of each measurement', Number, 10)
    .option('--times <factor>', 'the overload, as a multiple of saturation', Number, 3)
    .option('--server <flags>', 'further flags of vector-recall-server, in one argument', '')
    .parse()
    .opts<Options>(),
);
