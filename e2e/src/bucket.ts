import { spawn } from 'node:child_process';

/** A running S3-compatible server with the bucket `models`. */
export interface BucketServer {
  /** The environment of a process that uses the bucket. @param cache where it keeps what it downloads */
  environment(cache: string): Record<string, string>;
  stop(): void;
}

/** @param folder that objects lie in */
export async function startBucketServer(folder: string): Promise<BucketServer> {
  const program = require.resolve('s3rver/bin/s3rver.js');
  const flags = ['--directory', folder, '--address', '127.0.0.1', '--port', '0', '--configure-bucket', 'models'];
  const child = spawn(process.execPath, [program, ...flags], { stdio: ['ignore', 'pipe', 'ignore'] });
  const port = await new Promise<string>((resolve, reject) => {
    let text = '';
    // Read to its end: a server whose output nobody takes stops.
    child.stdout.on('data', (piece: Buffer) => {
      text += piece.toString();
      const listening = /listening on 127\.0\.0\.1:(\d+)/.exec(text);
      if (listening !== null) resolve(listening[1]);
    });
    child.once('exit', () => {
      reject(new Error(`The bucket server has ended: ${text}`));
    });
  });
  return {
    environment: (cache) => ({
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'S3RVER',
      AWS_SECRET_ACCESS_KEY: 'S3RVER',
      XDG_CACHE_HOME: cache,
    }),
    stop: () => {
      child.kill('SIGKILL');
    },
  };
}
