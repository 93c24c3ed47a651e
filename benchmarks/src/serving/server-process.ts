import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const launcher = join(__dirname, '../../../apps/recall-server/bin/vector-recall-server.cjs');

export interface ServerExit {
  readonly code: number | null;
  readonly stderr: string;
}

/** A recall server in a process of its own, on ports that are free. */
export class ServerProcess {
  readonly exited: Promise<ServerExit>;

  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
    readonly adminPort: number,
    private readonly metricsPort: number,
  ) {
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    this.exited = new Promise((resolve) => {
      child.on('close', (code) => {
        resolve({ code, stderr });
      });
    });
  }

  /** Starts the server and waits until it is ready. */
  static async start(artifacts: string, flags: readonly string[] = []): Promise<ServerProcess> {
    const [port, adminPort, metricsPort] = await freePorts(3);
    const ports = ['--port', port, '--admin-port', adminPort, '--metrics-port', metricsPort].map(String);
    const args = [
      launcher,
      '--artifacts',
      artifacts,
      ...ports,
      '--host',
      '127.0.0.1',
      '--log-level',
      'error',
      ...flags,
    ];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'pipe'] });
    const server = new ServerProcess(child, port, adminPort, metricsPort);
    while (!(await server.#isReady())) {
      if (child.exitCode !== null) throw new Error(`The server has ended: ${(await server.exited).stderr}`);
      await pause(50);
    }
    return server;
  }

  get target(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Resident memory in bytes. */
  residentBytes(): number {
    const status = readFileSync(`/proc/${this.child.pid ?? 0}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  }

  /** Calls that the server has answered so far, by `method code`. */
  async callCounts(): Promise<ReadonlyMap<string, number>> {
    const text = await (await fetch(`http://127.0.0.1:${this.metricsPort}/metrics`)).text();
    const line = /^vector_recall_requests_total\{method="(\w+)",code="(\w+)"\} (\d+)/gm;
    return new Map([...text.matchAll(line)].map(([, method, code, count]) => [`${method} ${code}`, Number(count)]));
  }

  /** Calls so far that were refused or failed. Those that the client dropped, as h2load does at its end, are not. */
  async refusedCalls(): Promise<number> {
    let refused = 0;
    for (const [key, count] of await this.callCounts()) if (!/ (OK|CANCELLED)$/.test(key)) refused += count;
    return refused;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async stop(): Promise<ServerExit> {
    this.child.kill('SIGTERM');
    return this.exited;
  }

  async #isReady(): Promise<boolean> {
    try {
      return (await fetch(`http://127.0.0.1:${this.metricsPort}/readyz`)).ok;
    } catch {
      return false;
    }
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  return servers.map((server) => {
    const address = server.address();
    server.close();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
}
