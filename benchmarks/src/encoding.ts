import { performance } from 'node:perf_hooks';
import { compileConfig } from '@vector-recall/core-config';
import { RandomStream } from '@vector-recall/random';
import { type BackendName, selectBackend, TwoTowerModel } from '@vector-recall/towers';
import { encodeAll } from '@vector-recall/trainer';
import { Command } from 'commander';
import { machineShape } from './machine';
import { randomInputs, randomLog } from './random-world';

interface Options {
  readonly backend: BackendName;
  readonly items: number;
}

async function main({ backend, items }: Options): Promise<void> {
  await selectBackend(backend);
  const random = new RandomStream(1, 'encoding benchmark');
  const model = new TwoTowerModel(compileConfig({}).model, randomInputs(items, random), random);
  const log = randomLog(items, random);
  const startedAt = performance.now();
  let itemSeconds = 0;
  await encodeAll(model, log, (done) => {
    if (done <= items) itemSeconds = (performance.now() - startedAt) / 1000;
  });
  const userSeconds = (performance.now() - startedAt) / 1000 - itemSeconds;
  const line = (count: number, what: string, seconds: number): string =>
    `${count.toLocaleString('en')} ${what} in ${seconds.toFixed(2)} s, ${Math.round(count / seconds).toLocaleString('en')}/s`;
  process.stdout.write(`${machineShape()}, ${backend}\n`);
  process.stdout.write(`${line(items, 'items', itemSeconds)}\n${line(log.userCount, 'users', userSeconds)}\n`);
}

void main(
  new Command('encoding')
    .description('How long the towers take to encode every item and every user, as at the end of a training.')
    .option('--items <count>', 'items, each with a category, five tags and 32 features', Number, 1_000_000)
    .option('--backend <name>', 'native or wasm', 'native')
    .parse()
    .opts<Options>(),
);
