import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Whether `nats-server` is installed here; without it the tests that need it are skipped by name. */
export const hasBroker = spawnSync('nats-server', ['--version']).status === 0;

interface Broker {
  readonly name: string;
  readonly port: number;
  readonly monitorPort: number;
  readonly config: string;
  process?: ChildProcess;
}

/** Real brokers on this machine, which keep their files when they are killed. */
export class Brokers {
  private constructor(
    private readonly folder: string,
    private readonly brokers: readonly Broker[],
  ) {}

  /**
   * @param count 1 for a broker by itself, otherwise a cluster
   * @param settings further lines of the brokers' configuration
   */
  static async start(count: number, settings = ''): Promise<Brokers> {
    const folder = await mkdtemp(join(tmpdir(), 'brokers-'));
    const ports = await freePorts(3 * count);
    const routes = ports.slice(2 * count).map((port) => `nats://127.0.0.1:${port}`);
    const list: Broker[] = [];
    for (let i = 0; i < count; i++) {
      const [port, monitorPort, routePort] = [ports[i], ports[count + i], ports[2 * count + i]];
      const name = `broker-${i}`;
      const config = join(folder, `${name}.conf`);
      await mkdir(join(folder, name));
      const cluster = `cluster { name: test, listen: "127.0.0.1:${routePort}", routes: [${routes.join(', ')}] }`;
      const lines = [
        `server_name: ${name}`,
        `listen: "127.0.0.1:${port}"`,
        `http: "127.0.0.1:${monitorPort}"`,
        `jetstream { store_dir: "${join(folder, name)}" }`,
        ...(count > 1 ? [cluster] : []),
        settings,
      ];
      await writeFile(config, lines.join('\n'));
      list.push({ name, port, monitorPort, config });
    }
    const brokers = new Brokers(folder, list);
    for (const { name } of list) await brokers.restart(name);
    return brokers;
  }

  /** `host:port` of each. */
  get servers(): readonly string[] {
    return this.brokers.map(({ port }) => `127.0.0.1:${port}`);
  }

  /** As for `--changes`. @param login `user:password@` */
  address(stream: string, login = ''): string {
    const { length } = this.brokers;
    return `nats://${login}${this.servers.join(',')}/${stream}${length > 1 ? `?replicas=${length}` : ''}`;
  }

  /** Name of the broker that leads a stream. Waits until there is one. */
  async leaderOf(stream: string): Promise<string> {
    for (;;) {
      for (const { process, monitorPort } of this.brokers) {
        if (process === undefined) continue;
        const page = await fetch(`http://127.0.0.1:${monitorPort}/jsz?streams=true`).then((answer) => answer.text());
        const leader = new RegExp(`"name": "${stream}"[^}]*?"leader": "([^"]+)"`, 's').exec(page)?.[1];
        if (leader !== undefined) return leader;
      }
      await wait(100);
    }
  }

  /** Ends a broker at once, as a machine that fails does. */
  async kill(name: string): Promise<void> {
    const broker = this.#named(name);
    const child = broker.process;
    if (child === undefined) return;
    broker.process = undefined;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  /** Starts a broker from its files; resolves when it answers. */
  async restart(name: string): Promise<void> {
    const broker = this.#named(name);
    broker.process = spawn('nats-server', ['--config', broker.config], { stdio: 'ignore' });
    const url = `http://127.0.0.1:${broker.monitorPort}/varz`;
    for (;;) {
      const answers = await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      );
      if (answers) return;
      if (broker.process.exitCode !== null) throw new Error(`The broker ${name} has ended.`);
      await wait(20);
    }
  }

  /** Kills all of them and removes their files. */
  async remove(): Promise<void> {
    await Promise.all(this.brokers.map(({ name }) => this.kill(name)));
    await rm(this.folder, { recursive: true, force: true });
  }

  #named(name: string): Broker {
    const broker = this.brokers.find((each) => each.name === name);
    if (broker === undefined) throw new Error(`There is no broker ${name}.`);
    return broker;
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ports.push((server.address() as AddressInfo).port);
  }
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
