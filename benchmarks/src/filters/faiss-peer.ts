import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { writeNpy } from '@vector-recall/model-store';
import { z } from 'zod';
import type { DrawnFilter, Matrices } from './draw-filter';

const script = join(__dirname, '../../peers/faiss_filter.py');

const answer = z.object({ found: z.array(z.array(z.number())), p50Ms: z.number() });
type FaissAnswer = z.infer<typeof answer>;

/** Searches the same vectors with faiss, in Python. */
export class FaissPeer {
  private constructor(
    private readonly python: string,
    private readonly folder: string,
    private readonly dim: number,
  ) {}

  /** @param folder takes the vectors and the index, which is built by the first search */
  static async open(python: string, folder: string, { items, queries, dim }: Matrices): Promise<FaissPeer> {
    await writeNpy(join(folder, 'vectors.npy'), items, [items.length / dim, dim]);
    await writeNpy(join(folder, 'tuning.npy'), queries, [queries.length / dim, dim]);
    return new FaissPeer(python, folder, dim);
  }

  async search({ rows, queries }: DrawnFilter, k: number): Promise<FaissAnswer> {
    const file = (name: string): string => join(this.folder, name);
    const all = new Float32Array(queries.length * this.dim);
    queries.forEach((query, i) => {
      all.set(query, i * this.dim);
    });
    await writeNpy(file('queries.npy'), all, [queries.length, this.dim]);
    await writeNpy(file('rows.npy'), rows);
    const job = {
      vectors: file('vectors.npy'),
      tuning: file('tuning.npy'),
      queries: file('queries.npy'),
      rows: file('rows.npy'),
      index: file('faiss.index'),
      k,
    };
    const options = { encoding: 'utf8' as const, maxBuffer: 1 << 28 };
    return answer.parse(JSON.parse(execFileSync(this.python, [script, JSON.stringify(job)], options)));
  }
}
