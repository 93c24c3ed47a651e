/** Where early stopping stands; plain JSON. */
export interface EarlyStoppingState {
  /** The best epoch, counted from 1; 0 before the first. */
  readonly bestEpoch: number;
  readonly bestValue: number | null;
}

/** Watches a figure of which more is better. */
export class EarlyStopping {
  #bestEpoch: number;
  #bestValue: number | null;
  readonly #patience: number;

  /** @param patience epochs without a better value before {@link shouldStop}; 0 never stops */
  constructor(patience: number, state: EarlyStoppingState = { bestEpoch: 0, bestValue: null }) {
    this.#patience = patience;
    this.#bestEpoch = state.bestEpoch;
    this.#bestValue = state.bestValue;
  }

  get state(): EarlyStoppingState {
    return { bestEpoch: this.#bestEpoch, bestValue: this.#bestValue };
  }

  /** Takes in the value of an epoch, counted from 1, and tells whether it is the best. A tie keeps the earlier epoch. */
  observe(epoch: number, value: number): boolean {
    if (this.#bestValue !== null && value <= this.#bestValue) return false;
    this.#bestEpoch = epoch;
    this.#bestValue = value;
    return true;
  }

  shouldStop(epoch: number): boolean {
    return this.#patience > 0 && epoch - this.#bestEpoch >= this.#patience;
  }
}
