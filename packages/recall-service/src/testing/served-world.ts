import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelConfig } from '@vector-recall/core-config';
import { ExactIndex } from '@vector-recall/hnsw-index';
import { storedHistory } from '../encoding/user-batch';
import { VectorRecallService } from '../vector-recall-service';
import { publishSmallWorld, type SmallArtifact } from './small-world';

/** A service over a small world, and beside it what its answers should be. */
export class ServedWorld {
  private constructor(
    readonly world: SmallArtifact,
    readonly service: VectorRecallService,
    private readonly folders: string[],
  ) {}

  static async start(config: Partial<ModelConfig> = {}): Promise<ServedWorld> {
    const folder = await newFolder();
    const world = await publishSmallWorld(folder, { config });
    return new ServedWorld(world, await VectorRecallService.fromArtifact(world.root), [folder]);
  }

  async close(): Promise<void> {
    await this.service.close();
    for (const folder of this.folders) await rm(folder, { recursive: true });
  }

  get #dim(): number {
    return this.world.model.dim;
  }

  /** Removed when this is closed. */
  async temporaryFolder(): Promise<string> {
    const folder = await newFolder();
    this.folders.push(folder);
    return folder;
  }

  /** The true candidates of a vector, by exact search. */
  expectedIds(vector: Float32Array, k: number, seen: Iterable<number> = []): string[] {
    const { labels } = new ExactIndex(this.world.itemVectors, this.#dim).search(vector, k, { exclude: new Set(seen) });
    return Array.from(labels, (row) => `i${row}`);
  }

  /** The true neighbours, but for the order of those that lie too near each other for the index to tell them apart. */
  expectNearest(
    itemIds: readonly (number | string)[],
    vector: Float32Array,
    k: number,
    seen: Iterable<number> = [],
  ): void {
    const exact = new ExactIndex(this.world.itemVectors, this.#dim);
    const { scores } = exact.search(vector, k, { exclude: new Set(seen) });
    const all = exact.search(vector, exact.size);
    const scoreOf = new Map(Array.from(all.labels, (row, place) => [`i${row}`, all.scores[place]]));
    expect(itemIds).toHaveLength(scores.length);
    for (const row of seen) expect(itemIds).not.toContain(`i${row}`);
    itemIds.forEach((id, place) => {
      expect(scoreOf.get(String(id))).toBeCloseTo(scores[place], 2);
    });
  }

  /** The vector that the towers give a user, computed beside the service. */
  encode(userRow: number, history: number[], features?: number[], device = -1): Float32Array {
    return this.world.model.encodeUsers({
      users: Int32Array.of(userRow),
      historyOffsets: Int32Array.of(0, history.length),
      historyItems: Int32Array.from(history),
      features: features && Float32Array.from(features),
      context: [Int32Array.of(device)],
    });
  }

  vectorOf(userRow: number): Float32Array {
    return this.world.userVectors.subarray(userRow * this.#dim, (userRow + 1) * this.#dim);
  }

  historyOf(userRow: number): number[] {
    return [...storedHistory(this.world.catalogue, userRow).rows];
  }
}

function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'recall-service-'));
}
