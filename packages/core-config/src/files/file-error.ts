import { getSystemErrorMap } from 'node:util';

/** What was to be done with a file or folder; `used` where that is not known. */
export type FileAction = 'read' | 'written' | 'used';

/**
 * Thrown when the system refuses to read or write a file or folder. The message names the path, the reason and the
 * remedy; `errno` is the system's own code, such as `ENOSPC`.
 */
export class FileError extends Error {
  readonly code: 'FILE_NOT_READ' | 'FILE_NOT_WRITTEN' | 'FILE_NOT_USED';

  constructor(
    readonly path: string,
    action: FileAction,
    readonly errno: string,
    options?: ErrorOptions,
  ) {
    super(describe(path, action, errno), options);
    this.name = 'FileError';
    this.code = codes[action];
  }
}

const codes = { read: 'FILE_NOT_READ', written: 'FILE_NOT_WRITTEN', used: 'FILE_NOT_USED' } as const;

/** Reasons and remedies that do not depend on what was to be done. */
const reasons: Readonly<Partial<Record<string, readonly [reason: string, remedy: string]>>> = {
  ENOSPC: ['the disk is full', 'free some space and run the command again'],
  EDQUOT: ['the disk quota is used up', 'free some space and run the command again'],
  EFBIG: ['the file would be too large', 'raise the limit (ulimit -f) or use another file system'],
  EROFS: ['the file system is read-only', 'give a path on one that can be written'],
  EISDIR: ['it is a folder', 'give the path of a file'],
  ENOTDIR: ['a part of the path is a file, not a folder', 'correct the path'],
  ENAMETOOLONG: ['the name is too long', 'give a shorter path'],
  ELOOP: ['its links go round in a circle', 'correct the links'],
  EMFILE: ['too many files are open', 'raise the limit (ulimit -n) and run the command again'],
  ENFILE: ['too many files are open on this machine', 'run the command again when fewer are'],
  ENOMEM: ['the machine is out of memory', 'free some memory and run the command again'],
  EIO: ['the disk reports an error', 'check the disk'],
  ESTALE: ['the network file system has lost it', 'mount the file system again'],
  ERR_FS_FILE_TOO_LARGE: ['it is larger than 2 GiB', 'give a smaller file'],
  ERR_STRING_TOO_LONG: ['it is too large to hold as text', 'give a smaller file'],
};

function describe(path: string, action: FileAction, errno: string): string {
  const known = reasons[errno];
  if (known !== undefined) return `${path} can't be ${action}: ${known[0]}; ${known[1]}.`;
  switch (errno) {
    case 'ENOENT':
      return action === 'written'
        ? `${path} can't be written: a folder of the path does not exist; create it first.`
        : `${path} does not exist; check the path.`;
    case 'EACCES':
    case 'EPERM':
      return `${path} can't be ${action}: permission denied; change its permissions or give another path.`;
    default:
      return `${path} can't be ${action}: ${meaningOf(errno)}; check the path.`;
  }
}

/** The system's words for a code, such as "connection refused". */
function meaningOf(errno: string): string {
  for (const [name, meaning] of getSystemErrorMap().values()) if (name === errno) return `${meaning} (${errno})`;
  return errno;
}

/**
 * The code of an error that the system, or Node on its behalf, has raised for a file; `undefined` for any other error.
 * By its properties, not by class: a test runner's realm has error classes of its own.
 */
export function errnoOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error) || typeof error.code !== 'string')
    return undefined;
  const isOfSystem = 'syscall' in error && /^E[A-Z0-9]+$/.test(error.code);
  return isOfSystem || error.code in reasons ? error.code : undefined;
}

/**
 * An error of the system that names a path itself, as a {@link FileError}; any other error as it is. For the place where
 * errors are shown: whoever works with a file knows more.
 */
export function namedFileErrorOf(error: unknown): unknown {
  const path = pathOf(error);
  return path === undefined ? error : fileErrorOf(path, 'used', error);
}

/** The path that an error of the system names itself. Errors of writes to an open file name none. */
function pathOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('path' in error)) return undefined;
  return typeof error.path === 'string' ? error.path : undefined;
}

/**
 * An error of the system as a {@link FileError}; any other error as it is.
 * @param path the file, or the folder in which one was used; the error's own path, where it has one, is more exact
 */
export function fileErrorOf(path: string, action: FileAction, error: unknown): unknown {
  const errno = errnoOf(error);
  return errno === undefined ? error : new FileError(pathOf(error) ?? path, action, errno, { cause: error });
}

/**
 * Reads or writes files, so that whatever the system refuses is told as a {@link FileError}. Wrap the largest piece of
 * work that concerns one path: a folder that is filled with files is named where an error names no file.
 *
 * @throws FileError, and whatever else the work throws
 */
export async function usingFile<T>(path: string, action: FileAction, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileErrorOf(path, action, error);
  }
}
