import { InFlight } from '@vector-recall/threads';
import type { VectorRecallService } from '../vector-recall-service';

/** The right to use one model for the length of one call. */
export interface ModelLease {
  readonly service: VectorRecallService;
  /** Gives the model back. Further calls of it do nothing. */
  release(): void;
}

/** A model that is closed when it is retired and its last lease has ended. */
export class LeasedModel {
  readonly #leases = new InFlight();

  constructor(readonly service: VectorRecallService) {}

  get version(): string {
    return this.service.version;
  }

  lease(): ModelLease {
    let held = true;
    this.#leases.begin();
    return {
      service: this.service,
      release: () => {
        if (!held) return;
        held = false;
        this.#leases.end();
      },
    };
  }

  /** Closes the model after its last lease; none may be taken any more. Resolves when it is closed. */
  async retire(): Promise<void> {
    await this.#leases.close();
    await this.service.close();
  }
}
