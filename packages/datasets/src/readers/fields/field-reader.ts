import type { Attributes } from '../../columns/attributes';
import type { Block } from '../../tables/table';

/** Reads one field of `dataset.yaml` while the table of its section is read. */
export interface FieldReader {
  readonly column: string;
  /**
   * Takes the cell of one row.
   * @param target the row of the user or item; ascending
   * @param place of the column in the block
   */
  take(block: Block, row: number, target: number, place: number): void;
  /** @param rows users or items that are described */
  build(rows: number): Attributes;
}
