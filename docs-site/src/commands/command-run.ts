import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { root } from './workspace';

/** How long a server may take until it answers. */
const SERVER_START_MS = 60_000;

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  /** Both streams, as they came. */
  readonly output: string;
}

/**
 * Runs commands of the documentation in one folder, as a shell would.
 *
 * Servers listen on free ports, and commands that call one are pointed there, so that it runs beside anything.
 */
export class CommandRun {
  readonly #servers: ChildProcess[] = [];

  private constructor(
    readonly folder: string,
    private readonly ports: ServerPorts,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /**
   * @param folder a folder of the test, in which the commands run; several may share one
   * @param env variables for every command
   */
  static async start(folder: string, env: Readonly<Record<string, string>> = {}): Promise<CommandRun> {
    const bin = join(folder, '.bin');
    if (!existsSync(bin)) {
      mkdirSync(bin);
      // npx takes half a second to find what stands in the folder's own packages.
      writeFileSync(join(bin, 'npx'), `#!/bin/sh\nexec "${root}/node_modules/.bin/$@"\n`);
      chmodSync(join(bin, 'npx'), 0o755);
      symlinkSync(join(root, 'examples'), join(folder, 'examples'));
    }
    const [port, admin, metrics, http] = await freePorts(4);
    return new CommandRun(folder, { port, admin, metrics, http }, env);
  }

  /** Runs a script to its end. */
  async shell(script: string): Promise<Ended> {
    const child = this.#spawn(script);
    let output = '';
    const listen = (text: string) => (output += text);
    child.stdout?.setEncoding('utf8').on('data', listen);
    child.stderr?.setEncoding('utf8').on('data', listen);
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output };
  }

  /** Starts a server, and waits until it answers. @param before what the script says before the server's command */
  async serve(command: string, before = ''): Promise<void> {
    const child = this.#spawn(`${before}\nexec env ${command}`);
    this.#servers.push(child);
    child.stdout?.resume();
    let errors = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
    const late = Date.now() + SERVER_START_MS;
    while (!(await isReady(this.ports.metrics))) {
      if (child.exitCode !== null || Date.now() > late) {
        throw new Error(`The server does not answer: ${command}\n${errors}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Ends the servers. @returns their exit codes */
  async stop(): Promise<(number | null)[]> {
    return await Promise.all(
      this.#servers.splice(0).map(async (server) => {
        const ended = once(server, 'close');
        server.kill('SIGTERM');
        await ended;
        return server.exitCode;
      }),
    );
  }

  #spawn(script: string): ChildProcess {
    const { port, admin, metrics, http } = this.ports;
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('VECTOR_RECALL_'));
    return spawn('bash', ['-e', '-o', 'pipefail', '-c', withPorts(script, this.ports)], {
      cwd: this.folder,
      env: {
        ...Object.fromEntries(inherited),
        PATH: `${join(this.folder, '.bin')}:${process.env['PATH'] ?? ''}`,
        NO_COLOR: '1',
        // Speed is measured elsewhere.
        VECTOR_RECALL_SKIP_BENCHMARK: 'true',
        VECTOR_RECALL_PORT: String(port),
        VECTOR_RECALL_ADMIN_PORT: String(admin),
        VECTOR_RECALL_METRICS_PORT: String(metrics),
        VECTOR_RECALL_HTTP_PORT: String(http),
        ...this.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
}

interface ServerPorts {
  readonly port: number;
  readonly admin: number;
  readonly metrics: number;
  readonly http: number;
}

/** Points commands to the ports of the test: by the ports that they name, or by a target where they take the default. */
export function withPorts(script: string, { port, admin, metrics, http }: ServerPorts): string {
  return script
    .replaceAll(
      /(vector-recall (?:query|similar|info|items \w+|events \w+))\b(?![^\n]*--target)/g,
      `$1 --target localhost:50051`,
    )
    .replaceAll(/(vector-recall (?:reload|standing \w+))\b(?![^\n]*--target)/g, `$1 --target localhost:50052`)
    .replaceAll('50051', String(port))
    .replaceAll('50052', String(admin))
    .replaceAll('9464', String(metrics))
    .replaceAll('8080', String(http));
}

async function isReady(metricsPort: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${metricsPort}/readyz`)).ok;
  } catch {
    return false;
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  return servers.map((server) => {
    const address = server.address();
    server.close();
    if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
    return address.port;
  });
}
