import { IndexEngineError, IndexFileError, type IndexFileFault } from '../errors';

const faults: readonly string[] = [
  'missing',
  'truncated',
  'damaged',
  'foreign',
  'newer',
  'outdated',
  'unwritable',
] satisfies IndexFileFault[];

const remedies: Record<IndexFileFault, string> = {
  missing: 'build the index first',
  truncated: 'copy or build it again',
  damaged: 'copy or build it again',
  foreign: 'build the index again',
  newer: 'upgrade Vector Recall or build the index again',
  outdated: 'open its folder, or build the index again',
  unwritable: 'see that the folder exists, is writable and has space left',
};

/** Turns what the addon throws about a file into the error of this package. Anything else is thrown as it is. */
export async function aboutFile<T>(file: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw fileError(file, cause);
  }
}

function fileError(file: string, cause: unknown): unknown {
  if (!isNativeError(cause) || !isFault(cause.fault)) return engineError(cause);
  const { fault } = cause;
  return new IndexFileError(file, fault, `${file} cannot be used: ${cause.message}; ${remedies[fault]}.`, { cause });
}

const shortages: Readonly<Partial<Record<string, string>>> = {
  NATIVE_MEMORY: 'There is not enough memory for the index; index fewer vectors, or lower m.',
  NATIVE_THREADS: 'The system refuses to start the threads of the index; raise its limit on threads, or use fewer.',
};

/** @returns an IndexEngineError where the addon ran out of memory or threads, else what it was given */
export function engineError(cause: unknown): unknown {
  if (!isNativeError(cause)) return cause;
  const message = shortages[cause.code];
  return message === undefined ? cause : new IndexEngineError(message, { cause });
}

/** Told by its properties and not by its class, of which every realm has its own. */
function isNativeError(value: unknown): value is { message: string; code: string; fault?: unknown } {
  return typeof value === 'object' && value !== null && 'message' in value && 'code' in value;
}

function isFault(value: unknown): value is IndexFileFault {
  return typeof value === 'string' && faults.includes(value);
}
