import type { VectorRecallService } from '../vector-recall-service';
import { toStanding, type Standing } from './standing';
import type { StandingStore } from './standing-store';

/** Where the model in use is taken from; a `ModelHost` is one. */
interface Models {
  acquire(): { readonly service: Pick<VectorRecallService, 'checkStanding'>; release(): void } | undefined;
}

/** Changes standing rules for the process that serves, once the model in use can apply them. */
export class StandingAdmin {
  constructor(
    private readonly store: StandingStore,
    /** Each whose model has to be able to apply the rules. */
    private readonly sources: readonly Models[],
  ) {}

  get current(): Standing | undefined {
    return this.store.current;
  }

  /**
   * Resolves when the rules are on the disk and hold for requests that begin later.
   * @throws StandingError, StandingUnfitError, FileError; then those before go on to hold
   */
  async set(standing: Standing): Promise<void> {
    const checked = toStanding(standing);
    this.check(checked);
    await this.store.set(checked);
  }

  /** @param standing of a syntax that was checked @throws StandingUnfitError */
  check(standing: Standing): void {
    for (const models of this.sources) {
      const lease = models.acquire();
      try {
        lease?.service.checkStanding(standing);
      } finally {
        lease?.release();
      }
    }
  }
}
