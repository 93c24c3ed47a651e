import cluster from 'node:cluster';
import { normaliseArguments, printFailure, type Streams } from '@vector-recall/command-line';
import { compileConfig, ConfigError, type ServerConfig } from '@vector-recall/core-config';
import { startTracing } from '@vector-recall/recall-grpc';
import { runPrimary } from './cluster/primary';
import { runWorker } from './cluster/worker';
import { createLogger } from './log';
import type { ProcessOptions } from './process-options';
import { parseServerCall, programName, type ServerCall } from './program';
import { checkServedVersions, readServedVersions } from './served-versions';
import { serveAlone } from './serve-alone';

/** What the server may touch of the world. */
export interface World {
  readonly streams: Streams;
  readonly env: ProcessOptions['env'];
  readonly version: string;
}

/** Serves until a signal stops it. Returns the exit code: 0, 1 for a failure or calls cut off, 2 for wrong usage. */
export async function runServer(args: readonly string[], { streams, env, version }: World): Promise<number> {
  const normalised = normaliseArguments(args);
  try {
    const call = parseServerCall(normalised, version, (text) => streams.stdout.write(text));
    return call === undefined ? 0 : await serve(call, env);
  } catch (error) {
    const options = { program: programName, json: false, verbose: normalised.includes('--verbose') };
    return printFailure(error, options, streams);
  }
}

async function serve({ flags, file }: ServerCall, env: ProcessOptions['env']): Promise<number> {
  const { server: config } = compileConfig({ file, env, flags });
  checkTogether(config);
  const options = { config, env, logger: createLogger(config.logLevel) };
  if (cluster.isPrimary) await checkServedVersions(readServedVersions(config), config.artifacts);
  if (config.workers > 1 && cluster.isPrimary) return runPrimary(options);
  const stopTracing = await startTracing(env);
  try {
    return await (cluster.isPrimary ? serveAlone(options) : runWorker(options));
  } finally {
    await stopTracing?.();
  }
}

/** What no option shows on its own. @throws ConfigError */
function checkTogether({ console: hasConsole, httpPort }: ServerConfig): void {
  if (!hasConsole || httpPort > 0) return;
  throw new ConfigError(
    'server.console',
    'The console is a page on the HTTP port, which is off; add --http-port 8080.',
  );
}
