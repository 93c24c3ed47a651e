import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { letHeapGrow } from '@vector-recall/command-line';
import { z } from 'zod';
import { runServer } from './cli';
import { ignoreInspectorSignal } from './stop-signal';

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')));

letHeapGrow();
ignoreInspectorSignal();
void runServer(process.argv.slice(2), {
  streams: { stdout: process.stdout, stderr: process.stderr },
  env: process.env,
  version,
}).then((exitCode) => {
  // A search thread or a connection that would not end must not keep a stopped server alive.
  process.exit(exitCode);
});
