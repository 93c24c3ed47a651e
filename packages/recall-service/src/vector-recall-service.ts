import type { SearchResult } from '@vector-recall/hnsw-index';
import type { BackendName } from '@vector-recall/towers';
import { loadServingData, type ServingData } from './artifact/load-serving-data';
import { describeItem } from './describe-item';
import { storedHistory, UserEncoder } from './encoding/user-encoder';
import { PopularityRanking } from './popularity';
import type { ItemDescription, RecallRequest, RecallResult, RecallSource } from './recall';
import { parseRequest, type ParsedRequest } from './request/parse-request';
import { resolveId } from './request/resolve-id';

export interface ServiceOptions {
  /** Where the user tower computes; default `auto`. */
  readonly backend?: 'auto' | BackendName;
}

const nothing: ReadonlySet<number> = new Set();

/** Finds candidates for users: user → vector → nearest items, without what they have seen. */
export class VectorRecallService {
  readonly #encoder: UserEncoder;
  #popularity?: PopularityRanking;

  private constructor(
    private readonly data: ServingData,
    backend: 'auto' | BackendName,
  ) {
    this.#encoder = new UserEncoder(data.folder, data.catalogue, backend);
  }

  /**
   * Loads an artifact after every file of it was verified.
   *
   * @param path root of a store, whose current version is taken, or folder of one version
   * @throws ArtifactFileError, NoCurrentVersionError, CatalogueError, IndexFileError, ArtifactMismatchError
   */
  static async fromArtifact(path: string, { backend = 'auto' }: ServiceOptions = {}): Promise<VectorRecallService> {
    return new VectorRecallService(await loadServingData(path), backend);
  }

  /** Version of the artifact that answers. */
  get version(): string {
    return this.data.version;
  }

  get itemCount(): number {
    return this.data.index.size;
  }

  get userCount(): number {
    return this.data.catalogue.userIds.size;
  }

  /** Width of user and item vectors. */
  get dim(): number {
    return this.data.index.dim;
  }

  /**
   * Candidates for one user. A known user without fresh history and features costs a search only.
   * @throws RecallRequestError; BackendUnavailableError or WeightFileError at the first request that needs the tower
   */
  async recall(request: RecallRequest): Promise<RecallResult> {
    const start = performance.now();
    const [result] = await this.#answer([parseRequest(request, this.data.catalogue)], start);
    return result;
  }

  /**
   * Candidates for several users, in the order of the requests; all vectors that are needed are computed at once.
   * @throws as {@link recall}; the first wrong request fails the batch
   */
  async batchRecall(requests: readonly RecallRequest[]): Promise<RecallResult[]> {
    const start = performance.now();
    const parsed = requests.map((request, entry) => parseRequest(request, this.data.catalogue, entry));
    return this.#answer(parsed, start);
  }

  /** @returns `undefined` where the catalogue does not hold the item */
  describeItem(id: number | string): ItemDescription | undefined {
    const { catalogue } = this.data;
    const row = resolveId(catalogue.itemIds, id);
    return row === undefined ? undefined : describeItem(catalogue, row);
  }

  async #answer(requests: readonly ParsedRequest[], start: number): Promise<RecallResult[]> {
    const vectors = await this.#vectorsOf(requests);
    const found = requests.map((request, i) => this.#find(request, vectors[i]));
    const latencyMs = performance.now() - start;
    const { itemIds } = this.data.catalogue;
    return found.map(({ labels, scores }, i) => ({
      itemIds: Array.from(labels, (row) => itemIds.idAt(row)),
      scores,
      latencyMs,
      source: sourceOf(requests[i], vectors[i]),
      unknownHistoryItems: requests[i].unknownHistoryItems,
    }));
  }

  /** `[dim]` for each request, `undefined` where nothing is known of the user. */
  async #vectorsOf(requests: readonly ParsedRequest[]): Promise<(Float32Array | undefined)[]> {
    const { dim, data } = this;
    const fresh: number[] = [];
    for (const [i, request] of requests.entries()) if (await this.#needsTower(request)) fresh.push(i);
    const encoded = fresh.length > 0 ? await this.#encoder.encode(fresh.map((i) => requests[i])) : undefined;
    const vectors = requests.map(({ userRow }) =>
      userRow < 0 ? undefined : data.userVectors.subarray(userRow * dim, (userRow + 1) * dim),
    );
    fresh.forEach((i, place) => (vectors[i] = encoded?.subarray(place * dim, (place + 1) * dim)));
    return vectors;
  }

  /** Whether the request says something of its user that the stored vector does not hold. */
  async #needsTower({ userRow, features, history }: ParsedRequest): Promise<boolean> {
    if (features !== undefined) return true;
    if (history === undefined) return false;
    // Of an unknown user an empty history says nothing; of a known one it takes the stored history away.
    return (userRow >= 0 || history.length > 0) && this.#encoder.readsHistory();
  }

  #find(request: ParsedRequest, vector: Float32Array | undefined): SearchResult {
    const { topK } = request;
    const exclude = request.excludeSeen ? this.#seenBy(request) : nothing;
    if (vector !== undefined) return this.data.index.search(vector, topK, { exclude });
    this.#popularity ??= new PopularityRanking(this.data.catalogue);
    return this.#popularity.top(topK, exclude);
  }

  #seenBy({ userRow, history }: ParsedRequest): ReadonlySet<number> {
    const seen = new Set(storedHistory(this.data.catalogue, userRow));
    history?.forEach((row) => seen.add(row));
    return seen;
  }
}

function sourceOf({ userRow }: ParsedRequest, vector: Float32Array | undefined): RecallSource {
  if (vector === undefined) return 'popularity';
  return userRow >= 0 ? 'model' : 'history';
}
