import { decodeEntry, encodeEntry, type Change, type ChangeSource, type Outcome } from '@vector-recall/live-index';

/** Changes as messages between processes: the entries of the log. */
export function packChanges(changes: readonly Change[]): string[] {
  return changes.map((change) => encodeEntry(change).toString('utf8'));
}

/** @returns those that are changes */
export function unpackChanges(entries: readonly string[]): Change[] {
  return entries.flatMap((text) => {
    const entry = decodeEntry(Buffer.from(text));
    return entry === undefined || entry.kind === 'applied' || entry.kind === 'offset' ? [] : [entry];
  });
}

/**
 * The changes of a server with several workers, in its primary process, which alone writes them. A change is acknowledged
 * once every worker has taken it up.
 */
export class SharedChanges {
  /** When every worker has what was made last; they take changes up in order. */
  #told: Promise<void> = Promise.resolve();

  /** @param tell tells every worker, and resolves when they have taken it up */
  constructor(
    private readonly source: ChangeSource,
    tell: (entries: readonly string[]) => Promise<void>,
  ) {
    source.listen((changes) => {
      this.#told = tell(packChanges(changes));
    });
  }

  /** @throws LiveWriteError */
  async write(entries: readonly string[]): Promise<Outcome[]> {
    // The source gives them their places in the order of all.
    const outcomes = await this.source.write(unpackChanges(entries));
    await this.#told;
    return outcomes;
  }
}
