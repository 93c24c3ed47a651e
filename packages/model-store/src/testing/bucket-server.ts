import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';

/** What the server takes as key and secret. */
const CREDENTIAL = 'S3RVER';

/** An S3-compatible server with the bucket `models`, whose objects lie in a folder. */
export class BucketServer {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  /** @param port default: one that is free */
  static async start(folder: string, port = 0): Promise<BucketServer> {
    await mkdir(folder, { recursive: true });
    const program = require.resolve('s3rver/bin/s3rver.js');
    const place = ['--directory', folder, '--address', '127.0.0.1', '--port', String(port)];
    const child = spawn(process.execPath, [program, ...place, '--configure-bucket', 'models'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return new Promise((resolve, reject) => {
      let text = '';
      // Read to its end: a server whose output nobody takes stops.
      child.stdout.on('data', (piece: Buffer) => {
        text += piece.toString();
        const listening = /listening on 127\.0\.0\.1:(\d+)/.exec(text);
        if (listening !== null) resolve(new BucketServer(child, Number(listening[1])));
      });
      child.once('exit', () => {
        reject(new Error(`The bucket server has ended: ${text}`));
      });
    });
  }

  /** The environment of a process that uses the bucket. @param cache where it keeps what it downloads */
  environment(cache: string): Record<string, string> {
    return {
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${this.port}`,
      AWS_ACCESS_KEY_ID: CREDENTIAL,
      AWS_SECRET_ACCESS_KEY: CREDENTIAL,
      XDG_CACHE_HOME: cache,
    };
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }
}
