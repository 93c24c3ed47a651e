import type { HierarchicalNSW } from 'hnswlib-node';
import { IndexEngineError } from '../errors';
import type { Space } from '../vector-index';

/**
 * An empty graph of hnswlib's. Vectors and queries of `cosine` have length one when they get here, so that the inner
 * product is the cosine and the addon does not normalise them a second time in single precision.
 *
 * @throws IndexEngineError
 */
export async function createGraph(space: Space, dim: number): Promise<HierarchicalNSW> {
  let addon;
  try {
    // Loaded when it is needed, so that exact search works, and this error is told, where the addon was not compiled.
    addon = (await import('hnswlib-node')).default;
  } catch (cause) {
    throw new IndexEngineError(
      'The native part of hnswlib-node cannot be loaded; run `npm rebuild hnswlib-node` where a C++ compiler is installed.',
      { cause },
    );
  }
  return new addon.HierarchicalNSW(space === 'l2' ? 'l2' : 'ip', dim);
}
