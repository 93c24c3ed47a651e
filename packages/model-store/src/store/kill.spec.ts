import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { NoCurrentVersionError } from '../errors';
import { useTemporaryFolder } from '../testing/temporary-folder';
import { ModelStore } from './model-store';

const KILLS = 16;
/** How many publications the longest-lived writer has time for. */
const PUBLICATIONS = 4;

type Writer = ChildProcessByStdio<null, Readable, null>;

const testing = join(__dirname, '..', 'testing');
const registerSwc = join(__dirname, '../../../../tools/register-swc.cjs');
const folder = useTemporaryFolder();

/** Starts a process that publishes without end, and kills it at the moment that `moment` waits for. */
async function publishAndKill(root: string, moment: (child: Writer) => Promise<unknown>): Promise<void> {
  const program = ['-r', registerSwc, join(testing, 'publish-forever.ts'), root];
  const child = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  // A child that can't start ends here and not in a timeout.
  await Promise.race([once(child.stdout, 'data'), exited]);
  await Promise.race([moment(child), exited]);
  child.kill('SIGKILL');
  const [, signal] = (await exited) as [number | null, NodeJS.Signals | null];
  expect(signal).toBe('SIGKILL');
}

it('leaves every version whole, and current whole or absent, when its writer is killed at any moment', async () => {
  // How long a publication takes on this machine, as busy as it is.
  let started = 0;
  await publishAndKill(join(folder.path, 'paced'), async ({ stdout }) => {
    started = performance.now();
    await once(stdout, 'data');
  });
  const longestDelayMs = PUBLICATIONS * (performance.now() - started);

  const root = join(folder.path, 'killed');
  const store = new ModelStore(root);
  let interrupted = 0;
  let wholeCurrents = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    await publishAndKill(root, () => setTimeout((kill * longestDelayMs) / KILLS));
    if ((await readdir(join(root, '.staging')).catch(() => [])).length > 0) interrupted++;

    // Opening compares every file with its checksum.
    const current: unknown = await store.open().catch((error: unknown) => error);
    if (current instanceof NoCurrentVersionError) expect(wholeCurrents).toBe(0);
    else expect(current).toMatchObject({ manifest: { counts: { items: 3 } } });
    if (!(current instanceof Error)) wholeCurrents++;
    for (const { version } of await store.list()) await store.open(version);
  }
  // The test has shown something only if it has hit both, writers at work and versions that were done.
  expect(interrupted).toBeGreaterThan(0);
  expect(wholeCurrents).toBeGreaterThan(0);

  // The next writer clears away what the killed ones have left, and rolling back works over what they have promoted.
  const staged = await store.stage();
  expect(await readdir(join(root, '.staging'))).toHaveLength(1);
  await staged.discard();
  const before = await store.currentVersion();
  expect(await store.rollback()).not.toBe(before);
}, 600_000);
