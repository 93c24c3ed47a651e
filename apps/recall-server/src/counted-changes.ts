import {
  LiveWriteError,
  type ChangeListener,
  type ChangeSource,
  type NewChange,
  type Outcome,
} from '@vector-recall/live-index';
import { Counter } from 'prom-client';

export type LogErrors = Counter<'operation'>;

/** Counts what goes wrong with the log of changes. It is made before there is a registry. */
export function createLogErrors(): LogErrors {
  const errors = new Counter({
    name: 'vector_recall_live_log_errors_total',
    help: 'Requests of changes that the log or the stream did not take (write), and compactions of the log that failed (compact).',
    labelNames: ['operation'] as const,
    registers: [],
  });
  for (const operation of ['write', 'compact']) errors.inc({ operation }, 0);
  return errors;
}

/** Changes whose failed writes are counted. */
export class CountedChanges implements ChangeSource {
  constructor(
    private readonly source: ChangeSource,
    private readonly errors: LogErrors,
  ) {}

  get state(): ChangeSource['state'] {
    return this.source.state;
  }

  get logBytes(): number {
    return this.source.logBytes;
  }

  async write(changes: readonly NewChange[]): Promise<Outcome[]> {
    try {
      return await this.source.write(changes);
    } catch (error) {
      if (error instanceof LiveWriteError) this.errors.inc({ operation: 'write' });
      throw error;
    }
  }

  listen(listener: ChangeListener): () => void {
    return this.source.listen(listener);
  }
}
