import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { RandomStream } from '@vector-recall/random';
import { RecallClient, RecallRequest } from '@vector-recall/recall-grpc';
import { machineShape } from '../machine';
import { markdownTable } from '../table';
import { Changer } from './changer';
import { runH2load, type H2loadResult } from './h2load';
import { failuresOf, openLoad } from './node-load';
import { OwnStalls } from './own-stalls';
import { print } from './print';
import { writeFrame } from './recall-calls';
import { ServerProcess } from './server-process';
import { latenciesOf, ms, whole } from './statistics';

interface Options {
  readonly artifacts: string;
  readonly topK: number;
  readonly changes: number;
  readonly perCall: number;
  readonly queries: number;
  readonly seconds: number;
  readonly checked: number;
}

async function main({ artifacts, topK, changes, perCall, queries, seconds, checked }: Options): Promise<void> {
  // Beside the artifacts: a folder for temporary files is often no disk.
  const folder = await mkdtemp(join(resolve(artifacts), '..', 'live-benchmark-'));
  const server = await ServerProcess.start(artifacts, ['--live', join(folder, 'live')]);
  const info = new RecallClient(server.target);
  const { itemIdKind, dimension } = await info.modelInfo();
  const changer = new Changer(server.target, {
    idKind: itemIdKind,
    dim: dimension,
    most: changes * (WARM_UP_SECONDS + seconds),
    perCall,
    checkEvery: checked,
  });
  const calls = changes / perCall;
  try {
    const frames = writeQueries(folder, dimension, topK);
    const query = (duration: number): Promise<H2loadResult> =>
      runH2load({
        port: server.port,
        method: 'recall.v1.RecallService/Recall',
        frames,
        seconds: duration,
        callsPerSecond: queries,
        arrivals: 'random',
      });
    const before = await query(Math.min(seconds, 10));
    await openLoad((since) => changer.change(since), calls, { seconds: WARM_UP_SECONDS });
    const stalls = new OwnStalls();
    const [beside, made] = await Promise.all([
      query(seconds),
      openLoad((since) => changer.change(since), calls, { seconds }),
    ]);
    const ownStalls = stalls.summary();
    const row = (name: string, milliseconds: readonly number[], failed: number): string[] => {
      const { calls, p50, p95, p99 } = latenciesOf(milliseconds);
      return [name, whole(calls), ms(p50), ms(p95), ms(p99), whole(failed)];
    };
    print(
      `${whole(changes)} changes/s, ${whole(perCall)} a call, and ${whole(queries)} queries/s of ${topK} items, on ${machineShape()}\n`,
    );
    print(
      markdownTable(
        ['calls', 'count', 'p50', 'p95', 'p99', 'failed'],
        [
          row('queries alone', before.milliseconds, before.failed),
          row('queries beside changes', beside.milliseconds, beside.failed),
          row(
            'changes, to the acknowledgement',
            made.map(({ milliseconds }) => milliseconds),
            failuresOf(made),
          ),
        ],
      ),
    );
    print(
      `\n${whole(changer.checks)} changes asked for at once after their acknowledgement: ${changer.misses} not found\n${ownStalls}`,
    );
  } finally {
    info.close();
    changer.close();
    await server.stop();
    await rm(folder, { recursive: true });
  }
}

/** V8 compiles what a new server and client run for some seconds. */
const WARM_UP_SECONDS = 5;

/** Different vectors to search for; each comes from a process of its own. */
const FRAMES = 4;

function writeQueries(folder: string, dimension: number, topK: number): string[] {
  const random = new RandomStream(4, 'queries');
  return Array.from({ length: FRAMES }, (_, frame) => {
    const queryVector = Array.from({ length: dimension }, () => random.normal());
    const file = join(folder, `${frame}.frame`);
    writeFrame(file, RecallRequest.encode(RecallRequest.fromPartial({ queryVector, topK })).finish());
    return file;
  });
}

void main(
  new Command('freshness')
    .description('Changes and queries at fixed rates: how long a change takes until it is durable and seen.')
    .requiredOption('--artifacts <folder>', 'a store or the folder of a version')
    .option('--top-k <count>', 'candidates a query', Number, 100)
    .option('--changes <count>', 'changes per second', Number, 1000)
    .option('--per-call <count>', 'changes that a call brings', Number, 1)
    .option('--queries <count>', 'queries per second', Number, 500)
    .option('--seconds <count>', 'how long', Number, 20)
    .option('--checked <n>', 'one in so many calls is asked for at once', Number, 10)
    .parse()
    .opts<Options>(),
);
