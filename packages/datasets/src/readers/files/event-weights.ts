import type { Block } from '../../tables/table';
import { optionalNumberAt } from '../../tables/values';
import type { InteractionsDescription } from './interactions-description';

type WeightDescription = NonNullable<InteractionsDescription['weight']>;

/** Reads how much each event counts: a number above `neutral`, or the logarithm of how far it is above. */
export class EventWeightReader {
  readonly #place: number;
  #missing = 0;

  constructor(
    private readonly description: WeightDescription,
    placeOf: (column: string) => number,
  ) {
    this.#place = placeOf(description.column);
  }

  /** 0 and below where the value is not above `neutral`; 1 where it is missing. */
  weightAt(block: Block, row: number): number {
    const value = optionalNumberAt(block, row, this.#place);
    if (Number.isNaN(value)) {
      this.#missing++;
      return 1;
    }
    const { scale, neutral } = this.description;
    const above = value - neutral;
    return scale === 'log' && above > 0 ? Math.log1p(above) : above;
  }

  notes(): string[] {
    if (this.#missing === 0) return [];
    return [`${this.#missing} interactions without ${this.description.column} have a weight of 1.`];
  }
}
