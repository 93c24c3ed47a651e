import { performance } from 'node:perf_hooks';
import { compileConfig } from '@vector-recall/core-config';
import { splitLeaveLastOut } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import { type BackendName, selectBackend, TwoTowerModel } from '@vector-recall/towers';
import { Trainer, TrainingInterruptedError } from '@vector-recall/trainer';
import { Command } from 'commander';
import { z } from 'zod';
import { randomInputs, randomLog } from './random-world';

/**
 * Measures steps of the real trainer in a process of its own, so that neither the heap of an earlier run nor a second
 * backend can be felt. The data and the towers, 192 → 256 → 128 → 128 over histories of 20, are of the PyTorch
 * reference's sizes; with `sequence` they are those of the preset `sequential`, and the reference is its twin.
 */
export const stepMeasurement = z.strictObject({
  backend: z.string(),
  mode: z.string(),
  items: z.int(),
  msPerStep: z.number(),
  examplesPerSecond: z.number(),
  residentMiB: z.number(),
});

export type StepMeasurement = z.output<typeof stepMeasurement>;

const BATCH = 1024;
const WARM_UP_STEPS = 5;

interface Arguments {
  readonly backend: BackendName;
  readonly mode: string;
  readonly items: number;
  readonly steps: number;
}

async function measure({ backend, mode, items, steps }: Arguments): Promise<StepMeasurement> {
  await selectBackend(backend);
  const recipe = mode === 'sequence' ? { preset: 'sequential', 'history-length': '50' } : { negatives: mode };
  const config = compileConfig({ flags: { ...recipe, 'batch-size': String(BATCH), epochs: '1' } });
  const random = new RandomStream(1, 'training benchmark');
  const model = new TwoTowerModel(config.model, randomInputs(items, random), random);
  const finished = new AbortController();
  let startedAt = 0;
  let seconds = 0;
  const observer = {
    notify: (event: { readonly type: string; readonly step?: number }): void => {
      if (event.type !== 'step') return;
      if (event.step === WARM_UP_STEPS) startedAt = performance.now();
      if (event.step !== WARM_UP_STEPS + steps) return;
      seconds = (performance.now() - startedAt) / 1000;
      finished.abort();
    },
  };
  const trainer = new Trainer(model, splitLeaveLastOut(randomLog(items, random)), config.training, {
    observer,
    signal: finished.signal,
  });
  try {
    await trainer.train();
  } catch (error) {
    if (!(error instanceof TrainingInterruptedError)) throw error;
  }
  const resident = process.memoryUsage().rss / 2 ** 20;
  return {
    backend,
    mode,
    items,
    msPerStep: (seconds / steps) * 1000,
    examplesPerSecond: (BATCH * steps) / seconds,
    residentMiB: resident,
  };
}

async function main(): Promise<void> {
  const program = new Command('training-step')
    .requiredOption('--backend <name>')
    .requiredOption('--mode <name>')
    .requiredOption('--items <count>', 'rows of the item table', Number)
    .requiredOption('--steps <count>', 'measured steps', Number)
    .parse();
  process.stdout.write(`${JSON.stringify(await measure(program.opts<Arguments>()))}\n`);
}

if (require.main === module) void main();
