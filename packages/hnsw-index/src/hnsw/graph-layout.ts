/**
 * Sizes of hnswlib's graph, in bytes. An element of the ground layer is, one after the other: a link count, 2·M links,
 * the vector, the label. Each upper layer of an element is a link count and M links.
 */
const LINK = 4;
const LABEL = 8;
const FLOAT = 4;

/** Kept per element besides the graph: pointer to the upper layers, mutex, level, visited mark, label look-up. */
const PER_ELEMENT = 8 + 40 + 4 + 2 + 32;

export interface GraphShape {
  readonly count: number;
  readonly dim: number;
  readonly m: number;
}

export function elementBytes({ dim, m }: Omit<GraphShape, 'count'>): number {
  return offsetOfVector(m) + dim * FLOAT + LABEL;
}

export function offsetOfVector(m: number): number {
  return (1 + 2 * m) * LINK;
}

export function offsetOfLabel({ dim, m }: Omit<GraphShape, 'count'>): number {
  return offsetOfVector(m) + dim * FLOAT;
}

export function upperLayerBytes(m: number): number {
  return (1 + m) * LINK;
}

/**
 * Memory that a graph takes, to within a few percent. An element reaches layer l with probability M^-l, so it has
 * 1 / (M - 1) upper layers on average (Malkov and Yashunin 2018, section 4.1, with m_L = 1 / ln M).
 */
export function estimateMemoryBytes(shape: GraphShape): number {
  return Math.round(
    shape.count * (elementBytes(shape) + PER_ELEMENT + upperLayerBytes(shape.m) / Math.max(1, shape.m - 1)),
  );
}
