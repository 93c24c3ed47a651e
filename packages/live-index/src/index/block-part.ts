import { ExactBlock, type IndexQuery, type ItemVector, type SearchResult, type Space } from '@vector-recall/hnsw-index';
import { isAllowed } from './graph-part';
import { BLOCK_VECTORS } from './merge-policy';

/** Vectors that were added one by one, and which of them still count. */
export class BlockPart {
  readonly #block: ExactBlock;
  readonly #rows: number[] = [];
  /** The generation in which a label died. */
  readonly #deadSince = new Map<number, number>();

  constructor(dim: number, space: Space) {
    this.#block = new ExactBlock(BLOCK_VECTORS, dim, space);
  }

  get size(): number {
    return this.#block.size;
  }

  get living(): number {
    return this.size - this.#deadSince.size;
  }

  get isFull(): boolean {
    return this.#block.isFull;
  }

  isDead(label: number): boolean {
    return this.#deadSince.has(label);
  }

  rowAt(label: number): number {
    return this.#rows[label];
  }

  /** @returns its label */
  add(row: number, vector: Float32Array): number {
    this.#rows.push(row);
    return this.#block.add(vector);
  }

  /** @param generation of the first snapshot that does not have it */
  kill(label: number, generation: number): void {
    this.#deadSince.set(label, generation);
  }

  /** The block as it is in a generation. */
  view(generation: number): BlockView {
    return new BlockView(this.#block, this.#rows, this.#deadSince, this.size, generation);
  }
}

/** A block at one moment: its first vectors, without those that had died. */
export class BlockView {
  /** How many rows count. */
  readonly living: number;

  constructor(
    private readonly block: ExactBlock,
    private readonly rows: readonly number[],
    private readonly deadSince: ReadonlyMap<number, number>,
    private readonly count: number,
    private readonly generation: number,
  ) {
    this.living = count - deadSince.size;
  }

  /** The rows that count, with their vectors. */
  *changedRows(): Generator<ItemVector> {
    for (let label = 0; label < this.count; label++) {
      if (!this.#isDead(label)) yield { row: this.rows[label], vector: this.block.vectorAt(label) };
    }
  }

  /** @returns rows, best first */
  search({ vector, k, exclude = noRows, allowed }: IndexQuery): SearchResult {
    const excluded = exclude.length === 0 ? undefined : new Set(exclude);
    const { labels, scores } = this.block.search(
      vector,
      k,
      {
        size: this.deadSince.size + exclude.length + (allowed === undefined ? 0 : this.count),
        has: (label) =>
          this.#isDead(label) ||
          excluded?.has(this.rows[label]) === true ||
          (allowed !== undefined && !isAllowed(allowed, this.rows[label])),
      },
      this.count,
    );
    return { labels: labels.map((label) => this.rows[label]), scores };
  }

  #isDead(label: number): boolean {
    return (this.deadSince.get(label) ?? Infinity) <= this.generation;
  }
}

const noRows = new Int32Array(0);
