import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { machineShape } from './machine';
import { measureTorch, measureTorchSequences } from './peers/torch';
import { markdownTable } from './table';
import { type StepMeasurement, stepMeasurement } from './training-step';

interface Options {
  readonly steps: number;
  readonly modes: string;
  readonly items: string;
  readonly backends: string;
  readonly python?: string;
  readonly peers: string;
}

const modes = ['sampled', 'mixed', 'sequence'] as const;

function measureStep(backend: string, mode: string, items: number, steps: number): StepMeasurement {
  const script = join(__dirname, 'training-step.js');
  const args = ['--backend', backend, '--mode', mode, '--items', String(items), '--steps', String(steps)];
  const output = execFileSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return stepMeasurement.parse(JSON.parse(output));
}

/** Examples a second of the faster of the two stock set-ups of PyTorch, with the smallest table. */
function bestTorch(options: Options, python: string, mode: (typeof modes)[number], items: number): number {
  const runs = [true, false].map((lazy) =>
    mode === 'sequence'
      ? measureTorchSequences({ python, items, steps: options.steps, lazy })
      : measureTorch({ python, peers: options.peers, mode, items, steps: options.steps, lazy }),
  );
  for (const { lazy, msPerStep } of runs)
    print(`PyTorch ${mode}, ${lazy ? 'SparseAdam' : 'Adam'}: ${msPerStep} ms/step`);
  return Math.max(...runs.map(({ examplesPerSecond }) => examplesPerSecond));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function main(options: Options): void {
  const sizes = options.items.split(',').map(Number);
  const python = options.python;
  if (python !== undefined && !existsSync(join(options.peers, 'torch_two_tower.py'))) {
    throw new Error(`There is no torch_two_tower.py in ${options.peers}; name its folder with --peers.`);
  }
  print(`Training step, batch 1024, on ${machineShape()}\n`);
  const rows: string[][] = [];
  const asked = options.modes.split(',');
  for (const mode of modes.filter((each) => asked.includes(each))) {
    const torch = python === undefined ? undefined : bestTorch(options, python, mode, sizes[0]);
    for (const backend of options.backends.split(',')) {
      for (const items of sizes) {
        const { msPerStep, examplesPerSecond, residentMiB } = measureStep(backend, mode, items, options.steps);
        const ratio = torch === undefined ? '' : `${(examplesPerSecond / torch).toFixed(2)}×`;
        rows.push([
          backend,
          mode,
          items.toLocaleString('en'),
          msPerStep.toFixed(1),
          (1000 / msPerStep).toFixed(2),
          Math.round(examplesPerSecond).toLocaleString('en'),
          `${Math.round(residentMiB)} MiB`,
          ratio,
        ]);
      }
    }
  }
  const head = ['backend', 'recipe', 'items', 'ms/step', 'steps/s', 'examples/s', 'memory', `speed against PyTorch`];
  print(`\n${markdownTable(head, rows)}`);
}

main(
  new Command('training')
    .description('Steps per second of the trainer, by backend, negatives and table size, beside PyTorch.')
    .option('--steps <count>', 'measured steps per row', Number, 30)
    .option('--modes <names>', 'sampled, mixed or sequence, with commas between', modes.join(','))
    .option('--items <counts>', 'table sizes, with commas between', '100000,1000000')
    .option('--backends <names>', 'backends, with commas between', 'native,wasm')
    .option('--python <path>', 'a Python with PyTorch; without it the peer is left out')
    .option('--peers <folder>', 'where torch_two_tower.py is', '../shared/peers')
    .parse()
    .opts<Options>(),
);
