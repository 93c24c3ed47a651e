import type { Cancellation, IndexQuery, SearchResult } from '@vector-recall/hnsw-index';
import type { IdColumn } from '@vector-recall/model-store';
import { loadServingData, type ServingData } from './artifact/load-serving-data';
import type { SearchEngineOptions } from './artifact/open-concurrent-index';
import { CallsInFlight } from './calls-in-flight';
import { describeItem } from './describe-item';
import { EncodeQueue } from './encoding/encode-queue';
import { storedHistory, userBatch, type EncodableRequest } from './encoding/user-batch';
import { RecallRequestError, ServiceClosedError, UnknownItemError } from './errors';
import { sourceOf } from './inputs';
import type {
  CallOptions,
  ItemDescription,
  RecallLimits,
  RecallRequest,
  RecallResult,
  RecallTimings,
  ScoredItems,
  ServiceInfo,
  SimilarItemsRequest,
} from './recall';
import { checkPositive, compileLimits } from './request/limits';
import { RequestParser, type ParsedRequest } from './request/request-parser';
import { resolveId } from './request/resolve-id';
import { serviceInfo } from './service-info';

export interface ServiceOptions extends SearchEngineOptions {
  /** Default `maxTopK` 10,000 and `maxEfSearch` 100,000. */
  readonly limits?: Partial<RecallLimits>;
  /**
   * Whether an id of the other kind than the catalogue's is refused; default false: digits find integers and integers
   * find strings. For callers whose requests say which kind they mean, as those on the wire do.
   */
  readonly strictIds?: boolean;
}

/** Finds candidates for users: user → vector → nearest items, without what they have seen; or for vectors as they are. */
export class VectorRecallService {
  readonly #info: ServiceInfo;
  readonly #parser: RequestParser;
  /** Absent where the model knows no users. */
  readonly #encoder?: EncodeQueue<EncodableRequest>;
  readonly #calls = new CallsInFlight();

  private constructor(
    private readonly data: ServingData,
    private readonly limits: RecallLimits,
    strictIds: boolean,
  ) {
    const { catalogue, users, index } = data;
    this.#info = serviceInfo(data, limits);
    this.#parser = new RequestParser(catalogue, { limits, strictIds, vectors: index, inputs: this.#info.inputs });
    if (users === undefined) return;
    const { tower } = users;
    this.#encoder = new EncodeQueue(
      (requests) => tower.encode(userBatch(requests, catalogue, tower.historyLength)),
      index.dim,
    );
  }

  /**
   * Loads an artifact after every file of it was verified.
   *
   * @param path root of a store, whose current version is taken, or folder of one version
   * @throws ArtifactFileError, NoCurrentVersionError, CatalogueError, IndexFileError, ArtifactMismatchError,
   * WeightFileError, ServiceOptionError
   */
  static async fromArtifact(path: string, options: ServiceOptions = {}): Promise<VectorRecallService> {
    const limits = compileLimits(options.limits);
    const { searchThreads } = options;
    if (searchThreads !== undefined) checkPositive('searchThreads', searchThreads);
    return new VectorRecallService(await loadServingData(path, options), limits, options.strictIds ?? false);
  }

  /** Version of the artifact that answers. */
  get version(): string {
    return this.data.version;
  }

  get itemCount(): number {
    return this.data.index.size;
  }

  /** Queries that wait for a search thread. */
  get searchQueueLength(): number {
    return this.data.index.queueLength;
  }

  get userCount(): number {
    return this.data.catalogue.userIds.size;
  }

  /** Width of user and item vectors. */
  get dim(): number {
    return this.data.index.dim;
  }

  info(): ServiceInfo {
    return this.#info;
  }

  /**
   * Candidates for one user. A known user without fresh history and features costs a search only.
   * @throws RecallRequestError, ServiceClosedError, or the reason of the signal
   */
  recall(request: RecallRequest, options: CallOptions = {}): Promise<RecallResult> {
    return this.#call(options, async (start) => {
      const [result] = await this.#answer([this.#parser.parseRecall(request)], start, options);
      return result;
    });
  }

  /**
   * Candidates for several users, in the order of the requests; all vectors that are needed are computed at once.
   * @throws as {@link recall}; the first wrong request fails the batch
   */
  batchRecall(requests: readonly RecallRequest[], options: CallOptions = {}): Promise<RecallResult[]> {
    return this.#call(options, async (start) => {
      const parsed = requests.map((request, entry) => this.#parser.parseRecall(request, entry));
      return this.#answer(parsed, start, options);
    });
  }

  /**
   * As {@link batchRecall}, but a wrong request does not fail the others: its place holds what is wrong with it.
   * @throws ServiceClosedError, or the reason of the signal
   */
  recallEach(
    requests: readonly RecallRequest[],
    options: CallOptions = {},
  ): Promise<(RecallResult | RecallRequestError)[]> {
    return this.#call(options, async (start) => {
      const parsed = requests.map((request) => this.#tryParse(request));
      const good = parsed.filter((entry): entry is ParsedRequest => !(entry instanceof RecallRequestError));
      const results = await this.#answer(good, start, options);
      let nextResult = 0;
      return parsed.map((entry) => (entry instanceof RecallRequestError ? entry : results[nextResult++]));
    });
  }

  /**
   * The items whose vectors are nearest to an item's, without that item.
   * @throws RecallRequestError, UnknownItemError, ServiceClosedError, or the reason of the signal
   */
  similarItems(request: SimilarItemsRequest, options: CallOptions = {}): Promise<ScoredItems> {
    return this.#call(options, async (start) => {
      const { itemRow, topK, exclude, efSearch } = this.#parser.parseSimilarItems(request);
      if (itemRow === undefined) throw new UnknownItemError(request.itemId);
      const vector = await this.data.itemVectors.read(itemRow);
      const query = { vector, k: topK, efSearch, exclude: concatenate([Int32Array.of(itemRow), exclude]) };
      const searchStart = performance.now();
      const [found] = await this.data.index.searchMany([query], options.signal);
      return this.#scoredItems(found, timingsOf(start, 0, performance.now() - searchStart));
    });
  }

  /** @returns `undefined` where the catalogue does not hold the item */
  describeItem(id: number | string): ItemDescription | undefined {
    const { catalogue } = this.data;
    const row = resolveId(catalogue.itemIds, id);
    return row === undefined ? undefined : describeItem(catalogue, row);
  }

  /** Answers a few requests of every kind, so that the first one from outside is not the slow one. */
  async warm(): Promise<void> {
    const { userIds, itemIds } = this.data.catalogue;
    const topK = Math.min(500, this.limits.maxTopK, this.itemCount);
    const history = Array.from({ length: Math.min(3, itemIds.size) }, (_, row) => itemIds.idAt(row));
    for (let round = 0; round < WARM_ROUNDS; round++) {
      const rowOf = (size: number): number => Math.floor((round * size) / WARM_ROUNDS);
      const queryVector = await this.data.itemVectors.read(rowOf(this.itemCount));
      await this.recall({ queryVector, topK });
      if (this.data.users === undefined) continue;
      const userId = userIds.size > 0 ? userIds.idAt(rowOf(userIds.size)) : undefined;
      await this.batchRecall([{ userId, topK }, { userId, history, topK }, { topK }]);
    }
  }

  /** Lets the calls under way finish, then ends the threads and frees what they used. Later calls are refused. */
  async close(): Promise<void> {
    return this.#calls.close(async () => {
      await this.data.index.close();
      await this.data.itemVectors.close();
    });
  }

  async #call<Result>({ signal }: CallOptions, run: (start: number) => Promise<Result>): Promise<Result> {
    const start = performance.now();
    if (this.#calls.isClosed) throw new ServiceClosedError(this.version);
    signal?.throwIfAborted();
    this.#calls.begin();
    try {
      return await run(start);
    } finally {
      this.#calls.end();
    }
  }

  #tryParse(request: RecallRequest): ParsedRequest | RecallRequestError {
    try {
      return this.#parser.parseRecall(request);
    } catch (error) {
      if (error instanceof RecallRequestError) return error;
      throw error;
    }
  }

  async #answer(requests: readonly ParsedRequest[], start: number, { signal }: CallOptions): Promise<RecallResult[]> {
    const fresh = requests.map((request) => this.#needsTower(request));
    const encodeStart = performance.now();
    // Nothing is waited for that most calls do not need.
    const encoded = fresh.includes(true) ? await this.#encode(requests, fresh, signal) : [];
    const vectors = requests.map((request, i) => encoded[i] ?? this.#storedVector(request));
    const queries = this.#queries(requests, vectors);
    const searchStart = performance.now();
    const found = queries.length > 0 ? await this.data.index.searchMany(queries, signal) : [];
    const searchMs = performance.now() - searchStart;
    let nextFound = 0;
    return requests.map((request, i) => {
      const vector = vectors[i];
      const items = vector === undefined ? this.#mostPopular(request) : found[nextFound++];
      const encodeMs = fresh[i] ? searchStart - encodeStart : 0;
      const timings = timingsOf(start, encodeMs, vector === undefined ? 0 : searchMs);
      const { itemIds, scores, latencyMs } = this.#scoredItems(items, timings);
      const { unknownHistoryItems } = request;
      return { itemIds, scores, latencyMs, timings, source: sourceOf(request, vector), unknownHistoryItems };
    });
  }

  /** Whether the request says something of its user that the stored vector does not hold. */
  #needsTower({ userRow, features, history }: ParsedRequest): boolean {
    if (features !== undefined) return true;
    if (history === undefined || this.data.users?.tower.historyLength === 0) return false;
    // Of an unknown user an empty history says nothing; of a known one it takes the stored history away.
    return userRow >= 0 || history.length > 0;
  }

  /** `[dim]` for each request that needs the tower, at its place. */
  async #encode(
    requests: readonly ParsedRequest[],
    fresh: readonly boolean[],
    signal: Cancellation | undefined,
  ): Promise<(Float32Array | undefined)[]> {
    const encoded = await this.#encoder?.encode(
      requests.filter((_, i) => fresh[i]),
      signal,
    );
    let nextEncoded = 0;
    return fresh.map((isFresh) => (isFresh ? encoded?.[nextEncoded++] : undefined));
  }

  /** `[dim]`, given or stored; `undefined` where nothing is known of the user. */
  #storedVector({ userRow, vector }: ParsedRequest): Float32Array | undefined {
    const { dim } = this;
    return userRow < 0 ? vector : this.data.users?.vectors.subarray(userRow * dim, (userRow + 1) * dim);
  }

  /** One for each request that has a vector. */
  #queries(requests: readonly ParsedRequest[], vectors: readonly (Float32Array | undefined)[]): IndexQuery[] {
    const queries: IndexQuery[] = [];
    for (let i = 0; i < requests.length; i++) {
      const vector = vectors[i];
      const { topK: k, efSearch } = requests[i];
      if (vector !== undefined) queries.push({ vector, k, efSearch, exclude: this.#excludedBy(requests[i]) });
    }
    return queries;
  }

  #mostPopular(request: ParsedRequest): SearchResult {
    return this.data.popularity.top(request.topK, this.#excludedBy(request));
  }

  /** Rows, some perhaps twice; `undefined` where nothing is excluded. */
  #excludedBy({ userRow, history, exclude, excludeSeen }: ParsedRequest): Int32Array | undefined {
    return concatenate(excludeSeen ? [storedHistory(this.data.catalogue, userRow), history, exclude] : [exclude]);
  }

  #scoredItems({ labels, scores }: SearchResult, timings: RecallTimings): ScoredItems {
    const { itemIds } = this.data.catalogue;
    return { itemIds: idsAt(itemIds, labels), scores, latencyMs: timings.totalMicros / 1000, timings };
  }
}

/** V8 compiles a function that was called a few times; searches touch other parts of the index each time. */
const WARM_ROUNDS = 20;

function timingsOf(start: number, encodeMs: number, searchMs: number): RecallTimings {
  return {
    encodeMicros: Math.round(encodeMs * 1000),
    searchMicros: Math.round(searchMs * 1000),
    totalMicros: Math.round((performance.now() - start) * 1000),
  };
}

/** A plain loop: with `Array.from` over 500 rows it would take longer than all else beside the search. */
function idsAt(column: IdColumn, rows: Int32Array): (number | string)[] {
  const ids = new Array<number | string>(rows.length);
  for (let i = 0; i < rows.length; i++) ids[i] = column.idAt(rows[i]);
  return ids;
}

function concatenate(parts: readonly (Int32Array | undefined)[]): Int32Array | undefined {
  const given = parts.filter((part): part is Int32Array => part !== undefined && part.length > 0);
  if (given.length < 2) return given[0];
  const whole = new Int32Array(given.reduce((sum, part) => sum + part.length, 0));
  let start = 0;
  for (const part of given) {
    whole.set(part, start);
    start += part.length;
  }
  return whole;
}
