import { open } from 'node:fs/promises';
import { usingFile } from '@vector-recall/core-config/files';

/** Characters gathered before they are written. */
const BLOCK = 1 << 20;

/** Writes one JSON value per line. @throws FileError */
export async function writeLines(file: string, values: Iterable<unknown>): Promise<void> {
  await usingFile(file, 'written', () => writeAll(file, values));
}

async function writeAll(file: string, values: Iterable<unknown>): Promise<void> {
  const handle = await open(file, 'w');
  try {
    let block = '';
    for (const value of values) {
      block += `${JSON.stringify(value)}\n`;
      if (block.length >= BLOCK) {
        await handle.writeFile(block);
        block = '';
      }
    }
    await handle.writeFile(block);
  } finally {
    await handle.close();
  }
}
