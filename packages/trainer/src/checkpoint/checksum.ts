import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

export interface FileChecksum {
  readonly bytes: number;
  readonly sha256: string;
}

export async function checksumOf(file: string): Promise<FileChecksum> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  const { size } = await stat(file);
  return { bytes: size, sha256: hash.digest('hex') };
}
