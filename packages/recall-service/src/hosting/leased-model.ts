import type { VectorRecallService } from '../vector-recall-service';

/** The right to use one model for the length of one call. */
export interface ModelLease {
  readonly service: VectorRecallService;
  /** Gives the model back. Further calls of it do nothing. */
  release(): void;
}

/** A model that is closed when it is retired and its last lease has ended. */
export class LeasedModel {
  #leases = 0;
  #retired = false;
  readonly #idle: Promise<void>;
  #reportIdle: () => void = () => undefined;

  constructor(readonly service: VectorRecallService) {
    this.#idle = new Promise((resolve) => (this.#reportIdle = resolve));
  }

  get version(): string {
    return this.service.version;
  }

  lease(): ModelLease {
    let held = true;
    this.#leases++;
    return {
      service: this.service,
      release: () => {
        if (!held) return;
        held = false;
        this.#leases--;
        this.#checkIdle();
      },
    };
  }

  /** Closes the model after its last lease; none may be taken any more. Resolves when it is closed. */
  async retire(): Promise<void> {
    this.#retired = true;
    this.#checkIdle();
    await this.#idle;
    await this.service.close();
  }

  #checkIdle(): void {
    if (this.#retired && this.#leases === 0) this.#reportIdle();
  }
}
