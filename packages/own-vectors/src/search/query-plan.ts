import type { IndexQuery } from '@vector-recall/hnsw-index';
import type { VectorMatrix } from '../read-vectors';

/** How all queries of a run are asked. */
export interface QuerySettings {
  readonly k: number;
  readonly efSearch: number;
  readonly exactScores: boolean;
}

/** Vectors from a file as queries. */
export class QueryPlan {
  constructor(
    private readonly queries: VectorMatrix,
    readonly settings: QuerySettings,
  ) {}

  get size(): number {
    return this.queries.rows;
  }

  /** @param row taken modulo the number of queries */
  at(row: number): IndexQuery {
    const { values, dim, rows } = this.queries;
    const start = (row % rows) * dim;
    return { vector: values.subarray(start, start + dim), ...this.settings };
  }

  /** Queries `start .. end`, fewer at the end. */
  block(start: number, length: number): IndexQuery[] {
    return Array.from({ length: Math.min(length, this.size - start) }, (_, i) => this.at(start + i));
  }
}
