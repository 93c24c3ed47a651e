import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const registerSwc = join(__dirname, '../../../tools/register-swc.cjs');

/** What a process that gets SIGUSR1 writes to stderr, which is where Node tells of its inspector. */
async function stderrAfterSignal(prepare: string): Promise<string> {
  const script = `${prepare}; process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); console.log('up')`;
  const child = spawn(process.execPath, ['-r', registerSwc, '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  await once(child.stdout, 'data');
  child.kill('SIGUSR1');
  child.kill('SIGUSR1');
  // Where the inspector opens, it says so before the process ends.
  await new Promise((resolve) => setTimeout(resolve, 500));
  child.kill('SIGTERM');
  await once(child, 'close');
  return stderr;
}

it('SIGUSR1 opens no inspector', async () => {
  const module = JSON.stringify(join(__dirname, 'stop-signal.ts'));
  const [open, closed] = await Promise.all([
    stderrAfterSignal('process.execArgv'),
    stderrAfterSignal(`require(${module}).ignoreInspectorSignal()`),
  ]);
  // The first shows that the test would see it.
  expect([open, closed].map((stderr) => stderr.includes('Debugger listening'))).toEqual([true, false]);
});
