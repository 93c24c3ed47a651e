import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { ConsoleFilesError } from './errors';

/** A file of the page. */
export interface ConsoleFile {
  /** Its address below that of the page; empty for the page itself. */
  readonly name: string;
  /** For the header `content-type`. */
  readonly type: string;
  readonly body: Buffer;
}

const types = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.js', 'text/javascript; charset=utf-8'],
]);

/** Beside `src` as beside `dist`. */
const folders = [join(__dirname, '../static'), join(__dirname, '../dist/page')];

/**
 * Reads the page: what stands in `static`, and the compiled modules.
 * @throws ConsoleFilesError
 */
export async function readConsoleFiles(): Promise<ConsoleFile[]> {
  return (await Promise.all(folders.map(readFolder))).flat();
}

async function readFolder(folder: string): Promise<ConsoleFile[]> {
  try {
    const files = await Promise.all((await readdir(folder)).map((file) => readPart(folder, file)));
    return files.filter((file) => file !== undefined);
  } catch (error) {
    throw new ConsoleFilesError(folder, { cause: error });
  }
}

/** @returns `undefined` for what browsers do not load, such as type declarations */
async function readPart(folder: string, file: string): Promise<ConsoleFile | undefined> {
  const type = types.get(extname(file));
  if (type === undefined) return undefined;
  return { name: file === 'index.html' ? '' : file, type, body: await readFile(join(folder, file)) };
}
