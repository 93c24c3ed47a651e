import { EngineGraph, EngineIndex } from '@vector-recall/hnsw-index';
import { GraphPart } from './graph-part';
import { mergedVectors, type MergedVectors, type VectorSources } from './merged-vectors';

/** Draws the layers of graphs. */
const SEED = 42;

/** At the lowest priority: all threads may build while none of them is wanted. */
const priority = 'low';

/** Builds the graphs of a living index, with all threads, from the vectors of its items. */
export class PartBuilder {
  constructor(
    private readonly sources: VectorSources,
    /** Ends what is being built. */
    private readonly signal: AbortSignal,
  ) {}

  /**
   * A graph beside the base, or instead of it.
   * @param rows of the items, in the order of their labels
   * @param base its options are those of the graph
   * @param as a part is compared by the same precision as the base and searched by one thread; a base chooses its precision
   */
  async build(rows: Int32Array, base: EngineIndex, as: 'part' | 'base'): Promise<GraphPart> {
    const { m, efConstruction, efSearch, info, space, dim } = base;
    const merged = await mergedVectors(rows, this.sources);
    const config = { m, efConstruction, efSearch };
    const { signal } = this;
    const { threads, float32 } = info;
    const graph = await EngineGraph.build(merged.vectors, dim, {
      threads,
      config,
      space,
      seed: SEED,
      signal,
      priority,
    });
    // As the base does: what is measured anew on other rows might take more memory than the server was given.
    const index = await EngineIndex.fromGraph(graph, {
      threads: as === 'base' ? threads : 1,
      float32,
      priority,
      ...(as === 'part' && { like: base }),
    }).finally(() => graph.close());
    return partOf(index, rows, merged);
  }

  /**
   * A base that keeps the links of the one before.
   * @param kept labels of the base that still count, ascending
   * @param rows of the items: those of `kept`, and then the others
   */
  async update(base: EngineIndex, kept: Int32Array, rows: Int32Array): Promise<GraphPart> {
    const merged = await mergedVectors(rows, this.sources);
    const labels = new Int32Array(base.size).fill(-1);
    for (let label = 0; label < kept.length; label++) labels[kept[label]] = label;
    const { signal } = this;
    const { threads } = base.info;
    const index = await base.update(labels, merged.vectors, { threads, seed: SEED, signal, priority });
    return partOf(index, rows, merged);
  }
}

function partOf(index: EngineIndex, rows: Int32Array, { changed }: MergedVectors): GraphPart {
  return new GraphPart(index, rows, changed);
}
