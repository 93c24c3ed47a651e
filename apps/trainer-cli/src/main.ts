import { Console } from 'node:console';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { letHeapGrow } from '@vector-recall/command-line';
import { z } from 'zod';
import { runCli } from './cli';

// Libraries may print; standard output is for results alone.
globalThis.console = new Console(process.stderr);

// A reader that has seen enough, such as head, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')));

letHeapGrow();
void runCli(process.argv.slice(2), {
  streams: { stdout: process.stdout, stderr: process.stderr },
  env: process.env,
  version,
}).then((exitCode) => {
  process.exitCode = exitCode;
});
