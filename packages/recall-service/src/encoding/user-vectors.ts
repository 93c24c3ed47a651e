import type { Cancellation } from '@vector-recall/hnsw-index';
import type { ServingData } from '../artifact/load-serving-data';
import { firstNotFinite, isZero } from '../request/query-vector';
import type { ParsedRequest } from '../request/request-parser';
import { EncodeQueue } from './encode-queue';
import { userBatch, type EncodableRequest } from './user-batch';

/** What the candidates of a request are searched by. */
export interface UserVector {
  /** `[dim]`; `undefined` where nothing is known of the user, `unusable` where the tower makes none that can be searched by. */
  readonly vector: Float32Array | 'unusable' | undefined;
  /** Whether the tower has computed it. */
  readonly isEncoded: boolean;
}

/** Turns requests into vectors: given, stored at training, or computed from what the request says of its user. */
export class UserVectors {
  /** Absent where the model knows no users. */
  readonly #encoder?: EncodeQueue<EncodableRequest>;

  constructor(private readonly data: ServingData) {
    const { users, catalogue, candidates, storedItems } = data;
    if (users === undefined) return;
    const { tower } = users;
    this.#encoder = new EncodeQueue(
      (requests) => tower.encode(userBatch(requests, catalogue, tower.historyLength, storedItems)),
      candidates.dim,
    );
  }

  /**
   * One for each request, in their order; all that need the tower are computed at once.
   * @throws what encoding throws, or the reason of `signal`
   */
  async of(requests: readonly ParsedRequest[], signal?: Cancellation): Promise<UserVector[]> {
    const needsTower = requests.map((request) => this.#needsTower(request));
    const encoded = needsTower.includes(true)
      ? await this.#encoder?.encode(
          requests.filter((_, i) => needsTower[i]),
          signal,
        )
      : undefined;
    let nextEncoded = 0;
    return requests.map((request, i) => {
      const vector = needsTower[i] ? encoded?.[nextEncoded++] : undefined;
      if (vector === undefined) return { vector: this.#storedVector(request), isEncoded: needsTower[i] };
      // Finite features may still be so large that the tower's sums are not.
      return { vector: this.#isSearchable(vector) ? vector : 'unusable', isEncoded: true };
    });
  }

  /** Whether the request says something of its user that the stored vector does not hold. */
  #needsTower({ userRow, features, context, history }: ParsedRequest): boolean {
    if (features !== undefined || context?.some((label) => label >= 0)) return true;
    if (history === undefined || this.data.users?.tower.historyLength === 0) return false;
    // Of an unknown user an empty history says nothing; of a known one it takes the stored history away.
    return userRow >= 0 || history.length > 0;
  }

  #isSearchable(vector: Float32Array): boolean {
    return firstNotFinite(vector) === -1 && !(this.data.candidates.space === 'cosine' && isZero(vector));
  }

  /** `[dim]`, given or stored; `undefined` where nothing is known of the user. */
  #storedVector({ userRow, vector }: ParsedRequest): Float32Array | undefined {
    const { dim } = this.data.candidates;
    return userRow < 0 ? vector : this.data.users?.vectors.subarray(userRow * dim, (userRow + 1) * dim);
  }
}
