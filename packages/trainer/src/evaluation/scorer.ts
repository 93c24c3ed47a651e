/** Something that ranks items for users. */
export interface Scorer {
  readonly name: string;
  /** Called before the first block, with the item rows that the columns stand for. */
  prepare?(columns: Int32Array): void;
  /**
   * Fills `out`, `[users, columns]`, higher is better.
   * @param users user rows, `[users]`
   * @param columns the item row of each column, the same array for all calls of an evaluation
   */
  score(users: Int32Array, columns: Int32Array, out: Float32Array): void;
  /** Called after the last block. */
  dispose?(): void;
}
