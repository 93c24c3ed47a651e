import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { runJson, start, temporaryFolder, tinyWorld, type Finished } from './cli';
import { trainSchema } from './contract';

const folder = temporaryFolder();
const manifestSchema = z.object({ files: z.object({ 'towers.safetensors': z.object({ sha256: z.string() }) }) });

function weightsOf(path: string): string {
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')));
  return manifest.files['towers.safetensors'].sha256;
}

const args = ['train', ...tinyWorld, '--epochs=3', '--early-stopping-patience=0', '--batch_size=64'];

/** Starts a run and stops it in its second epoch. */
async function interrupt(signal: NodeJS.Signals, output: string): Promise<Finished> {
  const stopped = start([...args, '--output', output]);
  await stopped.says(/^Epoch 1\/3 .*HitRate@100/m);
  stopped.child.kill(signal);
  return stopped.finished;
}

it.each(['SIGINT', 'SIGTERM'] as const)('%s leaves a checkpoint and says how to continue', async (signal) => {
  const { code, stderr, stdout } = await interrupt(signal, join(folder, signal));
  expect([code, stdout]).toEqual([130, '']);
  expect(stderr).toContain('Stopping after this step and writing a checkpoint; Ctrl-C again stops at once.');
  expect(stderr).toMatch(/vector-recall: Interrupted; continue with --resume \S+\.\n$/);
});

it('--resume reaches the weights of a run that was not interrupted', async () => {
  const resumed = await runJson(trainSchema, [...args, '--output', join(folder, 'SIGINT'), '--resume']);
  expect(resumed.training.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  const whole = await runJson(trainSchema, [...args, '--output', join(folder, 'whole')]);
  expect(weightsOf(whole.artifact.path)).toMatch(/^[0-9a-f]{64}$/);
  expect(weightsOf(resumed.artifact.path)).toBe(weightsOf(whole.artifact.path));
});

it('a second Ctrl-C ends the run at once', async () => {
  // So wide a table takes seconds to be saved: the second signal comes before the run has ended in order.
  const run = start(['train', '--output', join(folder, 'twice'), '--num_interactions=100000', '--id-dim=512']);
  await run.says(/^Read data/m);
  run.child.kill('SIGINT');
  await run.says(/Ctrl-C again/);
  // Two signals at once are one key press; a person's second press comes later.
  await new Promise((resolve) => setTimeout(resolve, 500));
  run.child.kill('SIGINT');
  expect((await run.finished).code).toBe(130);
});
