import type { ServedStanding } from '@vector-recall/recall-grpc';
import { toStanding, type Standing, type StandingStore } from '@vector-recall/recall-service';
import type { WorkerPool } from './worker-pool';

/** The standing rules of a server with several workers, in its primary process, which alone writes them. */
export class SharedStanding implements ServedStanding {
  constructor(
    private readonly store: StandingStore,
    private readonly pool: Pick<WorkerPool, 'checkStanding' | 'rereadStanding'>,
  ) {}

  get current(): Standing | undefined {
    return this.store.current;
  }

  /**
   * Resolves when the rules are on the disk and every worker goes by them.
   * @throws StandingError, FileError, WorkerError where a model can't apply them; then those before go on to hold
   */
  async set(standing: Standing): Promise<void> {
    const checked = toStanding(standing);
    await this.pool.checkStanding(checked);
    await this.store.set(checked);
    await this.pool.rereadStanding();
  }
}
