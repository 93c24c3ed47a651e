import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** What the PyTorch reference measured for one training step. */
export interface TorchStep {
  readonly lazy: boolean;
  readonly msPerStep: number;
  readonly examplesPerSecond: number;
}

export interface TorchRun {
  readonly python: string;
  /** Folder that holds `torch_two_tower.py`. */
  readonly peers: string;
  readonly mode: 'sampled' | 'mixed';
  readonly items: number;
  readonly steps: number;
  /** Sparse embedding gradients with SparseAdam: the fastest stock set-up for large tables. */
  readonly lazy: boolean;
}

/** Runs the reference once. Throws when Python fails or prints something else than its result line. */
export function measureTorch(run: TorchRun): TorchStep {
  return measureScript([join(run.peers, 'torch_two_tower.py'), '--mode', run.mode], run);
}

/** Runs the twin of the preset `sequential` once; throws as {@link measureTorch}. */
export function measureTorchSequences(run: Omit<TorchRun, 'peers' | 'mode'>): TorchStep {
  return measureScript([join(__dirname, '../../peers/torch_sequences.py')], run);
}

function measureScript(script: readonly string[], run: Omit<TorchRun, 'peers' | 'mode'>): TorchStep {
  const args = [...script, '--items', String(run.items), '--steps', String(run.steps)];
  if (run.lazy) args.push('--lazy');
  const output = execFileSync(run.python, ['-W', 'ignore', ...args], { encoding: 'utf8' });
  const found = /ms\/step=([\d.]+) examples\/s=([\d.]+)/.exec(output);
  if (!found) throw new Error(`${run.python} printed no result line but: ${output}`);
  return { lazy: run.lazy, msPerStep: Number(found[1]), examplesPerSecond: Number(found[2]) };
}
