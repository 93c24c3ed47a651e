import { join } from 'node:path';
import { z } from 'zod';
import { startProgram, workspaceRoot, type Finished, type Running } from './cli';

const launcher = join(workspaceRoot, 'apps/recall-server/bin/vector-recall-server.cjs');

const lineSchema = z.looseObject({ pid: z.int(), msg: z.string(), version: z.string().optional() });
const listeningSchema = z.object({ recall: z.int(), admin: z.int(), metrics: z.int() });

type LogLine = z.output<typeof lineSchema>;

/** Servers that a suite has started and not stopped; a failed test must not leave one behind. */
const running = new Set<Running>();

afterAll(async () => {
  for (const process of running) {
    process.child.kill('SIGKILL');
    await process.finished;
  }
});

/** Runs the server to its end, for one that can't start. */
export function runServer(args: readonly string[]): Promise<Finished> {
  return startProgram(launcher, args).finished;
}

/** How a server is started, other than from this checkout. */
interface Launch {
  readonly program?: string;
  /** A command that runs the rest of its line, such as `nsenter`. */
  readonly prefix?: readonly string[];
}

/** A running `vector-recall-server` on ports that were free. */
export class Server {
  private constructor(
    private readonly running: Running,
    readonly ports: z.output<typeof listeningSchema>,
  ) {}

  /** Starts a server and waits until it listens, whether or not it has a model. */
  static async start(
    artifacts: string,
    flags: readonly string[] = [],
    env: Record<string, string> = {},
    { program = launcher, prefix = [] }: Launch = {},
  ): Promise<Server> {
    const ports = ['--port=0', '--admin-port=0', '--metrics-port=0', '--host=127.0.0.1', '--metrics-host=127.0.0.1'];
    const process = startProgram(program, ['--artifacts', artifacts, ...ports, ...flags], env, prefix);
    running.add(process);
    await process.says(/Listening\./);
    const line = linesOf(process).find(({ msg }) => msg === 'Listening.');
    if (line === undefined) throw new Error(`The server has ended: ${(await process.finished).stderr}`);
    return new Server(process, listeningSchema.parse(line));
  }

  get target(): string {
    return `127.0.0.1:${this.ports.recall}`;
  }

  get log(): readonly LogLine[] {
    return linesOf(this.running);
  }

  /** Resolves when at least so many log lines match. */
  async logs(matches: (line: LogLine) => boolean, count = 1): Promise<void> {
    while (this.log.filter(matches).length < count) {
      if (this.running.child.exitCode !== null) throw new Error(`The server has ended:\n${this.running.stdout()}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Resolves when so many processes answer from a version. */
  async serves(version: string, processes = 1): Promise<void> {
    await this.logs((line) => line.msg === 'Serving a version.' && line.version === version, processes);
  }

  /** Body and status of a page of the metrics port. */
  async page(path: string): Promise<{ readonly status: number; readonly text: string }> {
    const response = await fetch(`http://127.0.0.1:${this.ports.metrics}${path}`);
    return { status: response.status, text: await response.text() };
  }

  kill(signal: NodeJS.Signals): void {
    this.running.child.kill(signal);
  }

  async stop(): Promise<Finished> {
    this.kill('SIGTERM');
    const finished = await this.running.finished;
    running.delete(this.running);
    return finished;
  }
}

function linesOf(process: Running): LogLine[] {
  const whole = process.stdout().split('\n').slice(0, -1);
  return whole.map((line) => lineSchema.parse(JSON.parse(line)));
}
