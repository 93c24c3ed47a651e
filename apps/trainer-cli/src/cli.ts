import { normaliseArguments, printFailure, type Streams } from '@vector-recall/command-line';
import type { Invocation } from './commands/command';
import { interruptible } from './interrupt';
import { printResult, type CommandResult } from './output/output';
import { createProgress } from './output/progress';
import { parseCall, type ParsedCall } from './program';

/** What a run of the command line may touch of the world. */
export interface World {
  readonly streams: Streams;
  readonly env: Invocation['env'];
  readonly version: string;
}

async function runCommand({ definition, given }: ParsedCall, { streams, env }: World): Promise<CommandResult> {
  const progress = createProgress(streams.stderr);
  try {
    return await interruptible(streams.stderr, definition.interruptNotice, (signal) =>
      definition.run({ ...given, env, progress, signal }),
    );
  } finally {
    progress.stop();
  }
}

/**
 * Runs one command line and returns its exit code: 0, 1 for a failure, 2 for wrong usage, 3 for a version that was not
 * promoted, 130 when interrupted.
 */
export async function runCli(args: readonly string[], world: World): Promise<number> {
  const normalised = normaliseArguments(args);
  const given = {
    program: 'vector-recall',
    json: normalised.includes('--json'),
    verbose: normalised.includes('--verbose'),
  };
  const { streams } = world;
  try {
    const call = parseCall(normalised, world.version, (text) => streams.stdout.write(text));
    if (call === undefined) return 0;
    const result = await runCommand(call, world);
    return await printResult(result, given.json, streams);
  } catch (error) {
    return await printFailure(error, given, streams);
  }
}
