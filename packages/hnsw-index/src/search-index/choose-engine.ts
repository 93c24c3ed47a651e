import { IndexEngineError } from '../errors';
import { instructionSets } from '../native/engine-index';
import { MAX_ENGINE_DIM, MIN_ENGINE_DIM } from '../native/engine-options';

/** Who searches: the engine of this package, or hnswlib as `hnswlib-node` compiles it, wherever the engine can't be had. */
export type EngineName = 'native' | 'hnswlib-node';

export interface EngineChoice {
  readonly engine: EngineName;
  /** The instruction set of the native engine. */
  readonly instructions?: string;
  /** Why it is not the native engine. */
  readonly reason?: string;
}

/** The engine that this machine searches with. @param dim of the vectors, where they are known */
export function chooseEngine(dim?: number): EngineChoice {
  if (dim !== undefined && (dim < MIN_ENGINE_DIM || dim > MAX_ENGINE_DIM)) {
    const reason = `The native engine takes ${MIN_ENGINE_DIM} to ${MAX_ENGINE_DIM} dimensions, and not ${dim}.`;
    return { engine: 'hnswlib-node', reason };
  }
  try {
    const [instructions] = instructionSets();
    return { engine: 'native', instructions };
  } catch (error) {
    if (!(error instanceof IndexEngineError)) throw error;
    return { engine: 'hnswlib-node', reason: error.message };
  }
}
