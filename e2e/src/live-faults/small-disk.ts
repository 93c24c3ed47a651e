import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';

/** A file system of its own for some processes: their mounts are seen by nobody else and end with them. */
const ISOLATE = process.getuid?.() === 0 ? ['--mount'] : ['--mount', '--map-root-user'];
const ENTER = process.getuid?.() === 0 ? ['--mount'] : ['--mount', '--user', '--preserve-credentials'];

/** Whether this machine lets us mount a small file system. */
export function canMount(): boolean {
  try {
    execFileSync('unshare', [...ISOLATE, 'mount', '-t', 'tmpfs', '-o', 'size=64k', 'none', '/mnt'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

/** A disk of a few KiB, for a server that is started with {@link prefix}. */
export class SmallDisk {
  private constructor(
    private readonly holder: ChildProcess,
    readonly folder: string,
  ) {}

  /** @param folder where the disk is mounted; made where it is not there */
  static async mount(folder: string, kib: number): Promise<SmallDisk> {
    mkdirSync(folder, { recursive: true });
    const script = `mount -t tmpfs -o size=${kib}k none "$0" && echo ready && exec sleep 86400`;
    const holder = spawn('unshare', [...ISOLATE, 'sh', '-c', script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(holder, 'exit').then(() => {
      throw new Error(`no file system could be mounted at ${folder}`);
    });
    await Promise.race([once(holder.stdout, 'data'), ended]);
    ended.catch(() => undefined);
    return new SmallDisk(holder, folder);
  }

  /** What a command begins with that shall see the disk. */
  get prefix(): readonly string[] {
    return ['nsenter', `--target=${this.holder.pid}`, ...ENTER, '--'];
  }

  /** Runs a shell command that sees the disk. */
  run(script: string): string {
    const [program, ...args] = this.prefix;
    return execFileSync(program, [...args, 'sh', '-c', script, this.folder], { encoding: 'utf8' });
  }

  unmount(): void {
    this.holder.kill('SIGKILL');
  }
}
