import type { ItemDescription } from '@vector-recall/model-store';
import { InFlight, mapYielding } from '@vector-recall/threads';
import { loadServingData, type LoadOptions, type ServingData } from './artifact/load-serving-data';
import { describeServedItem } from './describe-served-item';
import { storedHistory } from './encoding/user-batch';
import { UserVectors } from './encoding/user-vectors';
import type { LiveCatalogue } from './live/live-catalogue';
import { RecallRequestError, ServiceClosedError, UnknownItemError } from './errors';
import { sourceOf } from './inputs';
import type {
  CallOptions,
  EncodedUser,
  EncodeUserRequest,
  RecallLimits,
  RecallRequest,
  RecallResult,
  ScoredItems,
  ServiceInfo,
  SimilarItemsRequest,
  UserDescription,
} from './recall';
import { CandidateSearch } from './search/candidate-search';
import { RequestAnswers, timingsOf, unusableFeatures } from './search/request-answers';
import { FilterCompiler } from './filtering/filter-compiler';
import { checkPositive, compileLimits } from './request/limits';
import { RequestParser, type ParsedRequest } from './request/request-parser';
import { concatenate, idsAt } from './rows';
import { serviceInfo } from './service-info';
import { ShownItems } from './shown/shown-items';
import type { Standing, StandingSource } from './standing/standing';
import { checkStanding } from './standing/standing-rows';
import { warmUp } from './warm-up';

export interface ServiceOptions extends LoadOptions {
  /** Default `maxTopK` 10,000 and `maxEfSearch` 100,000. */
  readonly limits?: Partial<RecallLimits>;
  /**
   * Whether an id of the other kind than the catalogue's is refused; default false: digits find integers and integers
   * find strings. For callers whose requests say which kind they mean, as those on the wire do.
   */
  readonly strictIds?: boolean;
  /** What holds for every request; default: nothing. */
  readonly standing?: StandingSource;
  /** What users were shown; default: kept by the service. For one that takes the place of another and goes on with it. */
  readonly shown?: ShownItems;
}

/** Finds candidates for users: user → vector → nearest items, without what they have seen; or for vectors as they are. */
export class VectorRecallService {
  readonly #info: ServiceInfo;
  readonly #parser: RequestParser;
  readonly #userVectors: UserVectors;
  readonly #candidates: CandidateSearch;
  readonly #answers: RequestAnswers;
  readonly #calls = new InFlight();
  #closed?: Promise<void>;

  private constructor(
    private readonly data: ServingData,
    limits: RecallLimits,
    { strictIds = false, standing, shown = new ShownItems() }: Pick<ServiceOptions, 'strictIds' | 'standing' | 'shown'>,
  ) {
    const { catalogue, attributes, candidates, live } = data;
    this.#info = serviceInfo(data, limits);
    const { inputs } = this.#info;
    const filters = new FilterCompiler(attributes, catalogue.itemIds, { live: live?.attributes, standing });
    const { schema } = attributes;
    this.#parser = new RequestParser(catalogue, { limits, strictIds, vectors: candidates, inputs, filters, schema });
    this.#candidates = new CandidateSearch(data);
    this.#userVectors = new UserVectors(data);
    this.#answers = new RequestAnswers(data, this.#userVectors, this.#candidates, shown);
  }

  /**
   * Loads an artifact after every file of it was verified.
   *
   * @param path root of a store, whose current version is taken, or folder of one version
   * @throws ArtifactFileError, NoCurrentVersionError, CatalogueError, IndexFileError, ArtifactMismatchError,
   * WeightFileError, ServiceOptionError, StandingUnfitError
   */
  static async fromArtifact(path: string, options: ServiceOptions = {}): Promise<VectorRecallService> {
    const limits = compileLimits(options.limits);
    const { searchThreads } = options;
    if (searchThreads !== undefined) checkPositive('searchThreads', searchThreads);
    const service = new VectorRecallService(await loadServingData(path, options), limits, options);
    try {
      if (options.standing?.current !== undefined) service.checkStanding(options.standing.current);
      return service;
    } catch (error) {
      await service.close();
      throw error;
    }
  }

  /** @throws StandingUnfitError where this model can't apply the rules */
  checkStanding(standing: Standing): void {
    checkStanding(standing, this.data.attributes.schema);
  }

  /** Version of the artifact that answers. */
  get version(): string {
    return this.data.version;
  }

  /** Items that can be found now. */
  get itemCount(): number {
    return this.#info.itemCount;
  }

  /** Queries that wait for a search thread. */
  get searchQueueLength(): number {
    return this.data.candidates.queueLength;
  }

  get userCount(): number {
    return this.data.catalogue.userIds.size;
  }

  /** The ids of the users of rows `start .. end`, within `[0, userCount]`. */
  userIds(start: number, end: number): (number | string)[] {
    const { userIds } = this.data.catalogue;
    return Array.from({ length: end - start }, (_, i) => userIds.idAt(start + i));
  }

  /** Width of user and item vectors. */
  get dim(): number {
    return this.data.candidates.dim;
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
      const [result] = await this.#answers.answer([this.#parse(request)], start, options);
      return orThrow(result);
    });
  }

  /**
   * Candidates for several users, in the order of the requests; all vectors that are needed are computed at once.
   * @throws as {@link recall}; the first wrong request fails the batch
   */
  batchRecall(requests: readonly RecallRequest[], options: CallOptions = {}): Promise<RecallResult[]> {
    return this.#call(options, async (start) => {
      const parsed = await mapYielding(requests, (request, entry) => this.#parse(request, entry));
      return (await this.#answers.answer(parsed, start, options)).map(orThrow);
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
      const parsed = await mapYielding(requests, (request) => this.#tryParse(request));
      const good = parsed.filter((entry): entry is ParsedRequest => !(entry instanceof RecallRequestError));
      const results = await this.#answers.answer(good, start, options);
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
      const { itemRow, exclude, ...parsed } = this.#parser.parseSimilarItems(request);
      if (itemRow === undefined) throw new UnknownItemError(request.itemId);
      const snapshot = this.data.candidates.lease();
      try {
        const vector = await snapshot.vectorOf(itemRow);
        if (vector === undefined) throw new UnknownItemError(request.itemId);
        const query = { ...parsed, vector, exclude: concatenate([Int32Array.of(itemRow), exclude]) };
        const searchStart = performance.now();
        const [found] = await this.#candidates.find([query], snapshot, options.signal);
        return this.#answers.scoredItems(found, timingsOf(start, 0, performance.now() - searchStart), parsed.matches);
      } finally {
        snapshot.release();
      }
    });
  }

  /**
   * The vectors that the candidates of users are searched by, in the order of the requests; what concerns the search
   * alone is not read. All that are needed are computed at once.
   * @returns for each request its vector, or what is wrong with it
   * @throws ServiceClosedError, or the reason of the signal
   */
  encodeUsers(
    requests: readonly EncodeUserRequest[],
    options: CallOptions = {},
  ): Promise<(EncodedUser | RecallRequestError)[]> {
    return this.#call(options, async () => {
      const parsed = await mapYielding(requests, (request) => this.#tryParse({ ...request, topK: 1 }));
      const good = parsed.filter((entry): entry is ParsedRequest => !(entry instanceof RecallRequestError));
      const vectors = await this.#userVectors.of(good, options.signal);
      const results = good.map((request, i): EncodedUser | RecallRequestError => {
        const { vector } = vectors[i];
        return vector === 'unusable' ? unusableFeatures(undefined) : { vector, source: sourceOf(request, vector) };
      });
      let next = 0;
      return parsed.map((entry) => (entry instanceof RecallRequestError ? entry : results[next++]));
    });
  }

  /**
   * The indexed vectors of items, `[dim]` each; `undefined` where the catalogue does not hold one.
   * @throws RecallRequestError where an id is of the other kind and ids are strict, ServiceClosedError
   */
  encodeItems(itemIds: readonly (number | string)[], options: CallOptions = {}): Promise<(Float32Array | undefined)[]> {
    return this.#call(options, async () => {
      const snapshot = this.data.candidates.lease();
      try {
        return await Promise.all(
          itemIds.map(async (itemId) => {
            const { itemRow } = this.#parser.parseSimilarItems({ itemId, topK: 1 });
            return itemRow === undefined ? undefined : snapshot.vectorOf(itemRow);
          }),
        );
      } finally {
        snapshot.release();
      }
    });
  }

  /**
   * What people call items, in their order; `undefined` where the catalogue does not hold one.
   * @throws RecallRequestError where an id is of the other kind and ids are strict
   */
  describeItems(itemIds: readonly (number | string)[]): (ItemDescription | undefined)[] {
    return itemIds.map((itemId) => {
      const { itemRow } = this.#parser.parseSimilarItems({ itemId, topK: 1 });
      return itemRow === undefined ? undefined : this.describeItem(itemId);
    });
  }

  /**
   * What is known of one user.
   * @param most newest items of the history that are told
   * @throws RecallRequestError
   */
  describeUser(userId: number | string, most: number): UserDescription {
    const { userRow, history = storedHistory(this.data.catalogue, userRow).rows } = this.#parse({ userId, topK: 1 });
    const newest = history.subarray(Math.max(0, history.length - most));
    return { known: userRow >= 0, history: idsAt(this.data.catalogue.itemIds, newest) };
  }

  /** @returns `undefined` where the catalogue does not hold the item */
  describeItem(id: number | string): ItemDescription | undefined {
    return describeServedItem(this.data, id);
  }

  /** The changes to this model's catalogue; `undefined` where it does not change while it is served. */
  get live(): LiveCatalogue | undefined {
    return this.data.live;
  }

  /** Answers a few requests of every kind, so that the first one from outside is not the slow one. */
  async warm(): Promise<void> {
    const { monitor } = this.data;
    await (monitor === undefined ? warmUp(this, this.data) : monitor.without(() => warmUp(this, this.data)));
  }

  /** Lets the calls under way finish, then ends the threads and frees what they used. Later calls are refused. */
  async close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#calls.close();
    await this.data.monitor?.close();
    await (this.data.live ?? this.data.candidates).close();
    await this.data.itemVectors.close();
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

  /** A request in rows, with what is known of its user by now. @throws RecallRequestError */
  #parse(request: RecallRequest, entry?: number): ParsedRequest {
    const parsed = this.#parser.parseRecall(request, entry);
    const { live } = this.data;
    return live === undefined || request.userId === undefined ? parsed : live.users.complete(parsed, request.userId);
  }

  #tryParse(request: RecallRequest): ParsedRequest | RecallRequestError {
    try {
      return this.#parse(request);
    } catch (error) {
      if (error instanceof RecallRequestError) return error;
      throw error;
    }
  }
}

function orThrow(result: RecallResult | RecallRequestError): RecallResult {
  if (result instanceof RecallRequestError) throw result;
  return result;
}
