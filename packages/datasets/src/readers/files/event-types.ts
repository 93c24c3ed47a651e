import { LabelTable } from '../../columns/labels';
import type { EventTypes } from '../../dataset';
import { DatasetError } from '../../errors';
import type { Block } from '../../tables/table';
import { textAt } from '../../tables/values';
import type { InteractionsDescription } from './interactions-description';

type TypeDescription = NonNullable<InteractionsDescription['type']>;

/** Types are kept in a byte each. */
const MAX_TYPES = 256;

/** Reads the type of each event. Where `weights` names the types, events of others are excluded. */
export class EventTypeReader {
  readonly #place: number;
  readonly #table = new LabelTable();
  readonly #weights: readonly number[] | undefined;
  readonly #unnamed = new Map<string, number>();
  #untyped = 0;

  constructor(
    private readonly description: TypeDescription,
    private readonly target: string | undefined,
    placeOf: (column: string) => number,
  ) {
    this.#place = placeOf(description.column);
    const { weights } = description;
    if (weights === undefined) return;
    for (const name of Object.keys(weights)) this.#table.indexOf(name);
    this.#weights = Object.values(weights);
  }

  get hasWeights(): boolean {
    return this.#weights !== undefined;
  }

  /** `null` for an event to be excluded. */
  typeAt(block: Block, row: number): number | null {
    const name = textAt(block, row, this.#place);
    if (name === '') {
      this.#untyped++;
      return null;
    }
    if (this.#weights !== undefined && !this.#table.has(name)) {
      this.#unnamed.set(name, (this.#unnamed.get(name) ?? 0) + 1);
      return null;
    }
    const type = this.#table.indexOf(name);
    if (type < MAX_TYPES) return type;
    throw new DatasetError(
      'DATASET_DESCRIPTION_INVALID',
      `interactions.type: there are more than ${MAX_TYPES} types of events; name those that count in type.weights.`,
      block.place(row, this.#place),
    );
  }

  weightOf(type: number | undefined): number {
    return type === undefined ? 1 : (this.#weights?.[type] ?? 1);
  }

  /** @throws DatasetError when no event is of the target type */
  labels(): Pick<EventTypes, 'names' | 'target'> {
    const names = this.#table.labels;
    if (this.target === undefined) return { names };
    const target = names.indexOf(this.target);
    if (target >= 0) return { names, target };
    throw new DatasetError(
      'DATASET_DESCRIPTION_INVALID',
      `interactions.target: no event is of the type ${this.target}; the types are ${names.join(', ')}.`,
    );
  }

  notes(): string[] {
    const { column } = this.description;
    const unnamed = [...this.#unnamed].map(([name, count]) => `${count} of type ${name}`);
    return [
      ...(this.#untyped === 0 ? [] : [`${this.#untyped} interactions without ${column} are excluded.`]),
      ...(unnamed.length === 0
        ? []
        : [`Interactions of types that type.weights does not name are excluded: ${unnamed.slice(0, 5).join(', ')}.`]),
    ];
  }
}
