import { RecallRequestError } from '../errors';
import type { FieldNames } from './field-names';

/** Checks of one request, which refuse it by the name of a field. */
export class FieldChecks {
  /** @throws RecallRequestError where it is no object, or has a field that there is not */
  constructor(
    request: unknown,
    known: readonly string[],
    private readonly entry?: number,
  ) {
    if (!isRecord(request)) return this.refuse('request', () => 'request must be an object.');
    for (const key in request) {
      if (!known.includes(key)) {
        this.refuse(key, () => `There is no field ${key}; a request has ${known.join(', ')}.`);
      }
    }
  }

  integer(field: string, value: unknown, max: number): void {
    if (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= max) return;
    const shown = typeof value === 'number' ? value : value === undefined ? 'missing' : 'not a number';
    this.refuse(field, (name) => `${name} is ${shown}, but it must be an integer from 1 to ${max}.`);
  }

  tooMany(field: string, count: number, most: number): never {
    return this.refuse(field, (name) => `${name} has ${count} entries, but it may have at most ${most}.`);
  }

  /** For a field with a value for each item of the history. */
  oneEach(field: string, given: number, items: number): void {
    if (given === items) return;
    this.refuse(
      field,
      (name, names) => `${name} has ${given} values, but ${names.of('history')} has ${items} items; send one for each.`,
    );
  }

  numbers(field: string, value: unknown): void {
    // Typed arrays are ArrayLike; entries are checked where they are read.
    if (typeof value === 'object' && value !== null && 'length' in value && Number.isInteger(value.length)) return;
    this.refuse(field, (name) => `${name} must be an array of numbers.`);
  }

  /** For callers that say which kind of id they mean. */
  kind(field: string, id: number | string, kind: 'integer' | 'string'): void {
    const given = typeof id === 'number' ? 'integer' : 'string';
    if (given === kind) return;
    const of = field === 'userId' ? 'user' : 'item';
    this.refuse(field, (_, names) => {
      const [wrong, right] = [names.ofKind(field, given), names.ofKind(field, kind)];
      return `${wrong} is set, but the ${of} ids of this model are ${kind}s; set ${right}.`;
    });
  }

  refuse(field: string, problem: (name: string, names: FieldNames) => string): never {
    throw new RecallRequestError(field, (names) => problem(names.of(field), names), this.entry);
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

export function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
