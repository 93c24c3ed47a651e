/** Vectors that are compared one by one before they become a graph: a search of them takes some tenths of a millisecond. */
export const BLOCK_VECTORS = 2048;

/** Share of the base that is changed before it takes the changes up. */
const UPDATE_SHARE = 0.1;
/** Share of the base that may change before it is built from the ground up: each update costs a little recall. */
const REBUILD_SHARE = 0.3;
/** Graphs beside the base past which some are joined. */
const MOST_GRAPHS = 4;
/** A graph is joined with the younger ones once they are together this share of it. */
const JOIN_SHARE = 0.5;

export interface IndexStats {
  /** Rows of the base that still count, and those that don't. */
  readonly base: number;
  readonly baseDead: number;
  /** Rows that came anew, or went, in updates of the base since it was built. */
  readonly baseUpdated: number;
  /** Living rows of each graph beside the base, oldest first. */
  readonly graphs: readonly number[];
  /** Whether each block of single vectors is full, oldest first. */
  readonly blocks: readonly { readonly living: number; readonly isFull: boolean }[];
}

export type Merge =
  | { readonly kind: 'none' }
  /** Make a graph of these many oldest blocks and these many youngest graphs. */
  | { readonly kind: 'join'; readonly blocks: number; readonly graphs: number }
  /** Make one base of all that counts: out of the one before, or from the ground up. */
  | { readonly kind: 'update' | 'rebuild' };

/** Living rows that the base does not hold. */
function rowsBeside({ graphs, blocks }: Pick<IndexStats, 'graphs' | 'blocks'>): number {
  return graphs.reduce((sum, rows) => sum + rows, 0) + blocks.reduce((sum, { living }) => sum + living, 0);
}

/** How many rows of the base have gone, or came anew, whichever are more. */
export function changedRows(stats: Pick<IndexStats, 'baseDead' | 'graphs' | 'blocks'>): number {
  return Math.max(stats.baseDead, rowsBeside(stats));
}

/**
 * What is to be merged next. Sizes of graphs grow geometrically, so that a vector is built into a graph a logarithmic
 * number of times, and a search visits few of them.
 */
export function decideMerge({ base, baseDead, baseUpdated, graphs, blocks }: IndexStats): Merge {
  const full = blocks.filter(({ isFull }) => isFull).length;
  const changed = changedRows({ baseDead, graphs, blocks });
  const size = base + baseDead;
  if (base + rowsBeside({ graphs, blocks }) > 0 && changed >= Math.max(BLOCK_VECTORS, UPDATE_SHARE * size)) {
    return { kind: changed + baseUpdated > REBUILD_SHARE * size ? 'rebuild' : 'update' };
  }
  if (full === 0) return { kind: 'none' };
  let young = blocks.slice(0, full).reduce((sum, { living }) => sum + living, 0);
  let joined = 0;
  for (const rows of graphs.toReversed()) {
    const isCrowded = graphs.length - joined >= MOST_GRAPHS;
    if (!isCrowded && young < rows * JOIN_SHARE) break;
    young += rows;
    joined++;
  }
  return { kind: 'join', blocks: full, graphs: joined };
}
