import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { writeAside } from '@vector-recall/core-config/files';
import { StandingFileError, StandingError } from '../errors';
import { SerialQueue } from '../hosting/serial-queue';
import { toStanding, type Standing, type StandingSource } from './standing';

/** Of the file; a release reads no newer one. */
const FORMAT = 1;

/** What holds for every request, in a file that is whole and checked, or absent. One process writes it, others reread it. */
export class StandingStore implements StandingSource {
  readonly #queue = new SerialQueue();
  #current?: Standing;

  private constructor(readonly file: string) {}

  /** @throws StandingFileError where the file is damaged: what should be hidden would be shown */
  static async open(file: string): Promise<StandingStore> {
    const store = new StandingStore(file);
    await store.reread();
    return store;
  }

  get current(): Standing | undefined {
    return this.#current;
  }

  /**
   * Puts standing rules in the place of all before: on the disk first, then for requests that begin later.
   * @param standing without ids and filter, nothing holds any more
   * @throws StandingError, FileError; then all is as it was
   */
  set(standing: Standing): Promise<void> {
    return this.#queue.run(async () => {
      const checked = toStanding(standing);
      await writeAside(this.file, (handle) => handle.writeFile(textOf(checked)));
      this.#take(checked);
    });
  }

  /** Reads what another process has written. @throws StandingFileError */
  reread(): Promise<void> {
    return this.#queue.run(async () => {
      this.#take(await readStanding(this.file));
    });
  }

  #take(standing: Standing): void {
    const isEmpty = standing.deniedItemIds.length === 0 && standing.filter === undefined;
    this.#current = isEmpty ? undefined : standing;
  }
}

function textOf(standing: Standing): string {
  return `${JSON.stringify({ format: FORMAT, sha256: checksumOf(standing), standing })}\n`;
}

function checksumOf(standing: unknown): string {
  // Of what is missing, which no JSON is made of.
  return createHash('sha256')
    .update(JSON.stringify(standing ?? null))
    .digest('hex');
}

async function readStanding(file: string): Promise<Standing> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ENOENT') {
      return { deniedItemIds: [] };
    }
    throw new StandingFileError(file, `${file} cannot be read; mend the disk or its permissions.`, { cause });
  }
  const advice = 'bring back a copy, or remove the file and set the standing rules again';
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new StandingFileError(file, `${file} is damaged; ${advice}.`, { cause });
  }
  const { format, sha256, standing } = fieldsOf(content);
  if (typeof format === 'number' && format > FORMAT) {
    throw new StandingFileError(
      file,
      `${file} is of format ${format}, but this release reads format ${FORMAT}; use the release that wrote it.`,
    );
  }
  if (format !== FORMAT || sha256 !== checksumOf(standing)) {
    throw new StandingFileError(file, `${file} is damaged; ${advice}.`);
  }
  try {
    return toStanding(standing);
  } catch (cause) {
    if (!(cause instanceof StandingError)) throw cause;
    throw new StandingFileError(file, `${file} is not usable: ${cause.message}`, { cause });
  }
}

function fieldsOf(content: unknown): Readonly<Record<string, unknown>> {
  return typeof content === 'object' && content !== null ? { ...content } : {};
}
