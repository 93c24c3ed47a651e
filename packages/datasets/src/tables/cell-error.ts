import { DatasetError } from '../errors';

/** Thrown for a value that can't be used; {@link CellFaults} puts those of a table together. */
export class CellError extends DatasetError {}

/** More than enough to tell what is wrong with a column. */
const MAX_FAULTS = 1000;
/** Lines that a message names. */
const SHOWN_LINES = 4;

/** The bad cells of a table, so that one error tells of all of them. */
export class CellFaults {
  readonly #byColumn = new Map<string, { readonly first: CellError; count: number; readonly lines: number[] }>();
  #count = 0;

  /** @throws DatasetError when there are too many to go on */
  add(error: CellError): void {
    const key = `${error.column} ${error.code}`;
    const faults = this.#byColumn.get(key);
    if (faults === undefined) this.#byColumn.set(key, { first: error, count: 1, lines: [] });
    else {
      faults.count++;
      if (faults.lines.length < SHOWN_LINES && error.line !== undefined) faults.lines.push(error.line);
    }
    if (++this.#count === MAX_FAULTS) this.throwIfAny();
  }

  /** @throws DatasetError about all cells that were added; its place is that of the first */
  throwIfAny(): void {
    if (this.#count === 0) return;
    const [faults, ...others] = this.#byColumn.values();
    const { first, count, lines } = faults;
    const more =
      count === 1
        ? ''
        : ` ${count - 1} more cells of this column have the same problem, on ${listLines(lines, count - 1)}.`;
    const beside = others.map(
      ({ first: other, count: n }) => ` Also ${describe(other)}${n === 1 ? '' : ` (${n} cells)`}`,
    );
    const end = this.#count < MAX_FAULTS ? '' : ` Reading stopped after ${MAX_FAULTS} such cells.`;
    const { file, line, column } = first;
    throw new DatasetError(first.code, `${first.reason}${more}${beside.join('')}${end}`, { file, line, column });
  }
}

function describe({ line, column, reason }: CellError): string {
  return `line ${line}, column ${column}: ${reason}`;
}

function listLines(lines: readonly number[], count: number): string {
  const word = count === 1 ? 'line' : 'lines';
  return `${word} ${lines.join(', ')}${count > lines.length ? ' and others' : ''}`;
}
