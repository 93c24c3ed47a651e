import { BatchRecallRequest, GetModelInfoRequest, RecallServiceClient } from '../gen/recall/v1/recall';
import { Caller } from './caller';
import type { RecallClientOptions } from './client-options';
import { RecallCallError } from './errors';
import { idList } from './id-list';
import {
  encodedUserAnswer,
  modelInfo,
  recallAnswer,
  recallMessage,
  similarItemsAnswer,
  similarItemsMessage,
} from './messages';
import type {
  EncodedUserAnswer,
  EncodeUserQuery,
  Id,
  ModelInfo,
  RecallAnswer,
  RecallQuery,
  SimilarItemsAnswer,
  SimilarItemsQuery,
} from './types';
import type { ClientCallOptions } from './unary-call';

/**
 * Calls a recall server with plain ids. Calls have a deadline, and are repeated with growing pauses while the server is
 * UNAVAILABLE, as it is while it starts or stops.
 */
export class RecallClient {
  readonly #stub: RecallServiceClient;
  readonly #caller: Caller;

  /**
   * @param target `host:port`, or any name that gRPC resolves
   * @throws SecretFileError
   */
  constructor(target: string, options: RecallClientOptions = {}) {
    this.#caller = new Caller(target, options);
    this.#stub = new RecallServiceClient(...this.#caller.connection);
  }

  /** @throws RecallCallError, ClientRequestError */
  async recall(query: RecallQuery, options?: ClientCallOptions): Promise<RecallAnswer> {
    const stub = this.#stub;
    return recallAnswer(await this.#caller.call(stub.recall.bind(stub), recallMessage(query), options));
  }

  /**
   * Candidates for several users, in their order; the entry of one that could not be answered is its error.
   * @throws RecallCallError, ClientRequestError
   */
  async batchRecall(
    queries: readonly RecallQuery[],
    options?: ClientCallOptions,
  ): Promise<(RecallAnswer | RecallCallError)[]> {
    const request: BatchRecallRequest = { requests: queries.map(recallMessage) };
    const stub = this.#stub;
    const { results } = await this.#caller.call(stub.batchRecall.bind(stub), request, options);
    return results.map(({ response, error }) =>
      response === undefined
        ? RecallCallError.of(error?.code ?? 2, error?.message ?? 'The entry has no outcome.')
        : recallAnswer(response),
    );
  }

  /** @throws RecallCallError, ClientRequestError */
  async similarItems(query: SimilarItemsQuery, options?: ClientCallOptions): Promise<SimilarItemsAnswer> {
    const stub = this.#stub;
    return similarItemsAnswer(
      await this.#caller.call(stub.similarItems.bind(stub), similarItemsMessage(query), options),
    );
  }

  /**
   * The vectors that the candidates of users are searched by, in their order.
   * @throws RecallCallError, ClientRequestError
   */
  async encodeUsers(
    queries: readonly EncodeUserQuery[],
    options?: ClientCallOptions,
  ): Promise<(EncodedUserAnswer | RecallCallError)[]> {
    const stub = this.#stub;
    const request = { users: queries.map((query) => recallMessage({ ...query, topK: 0 })) };
    const { users } = await this.#caller.call(stub.encodeUsers.bind(stub), request, options);
    return users.map(({ error, ...user }) =>
      error === undefined ? encodedUserAnswer(user) : RecallCallError.of(error.code, error.message),
    );
  }

  /**
   * The vectors of items, in their order; `undefined` where the catalogue does not hold one.
   * @throws RecallCallError, ClientRequestError
   */
  async encodeItems(itemIds: readonly Id[], options?: ClientCallOptions): Promise<(readonly number[] | undefined)[]> {
    const stub = this.#stub;
    const request = { itemIds: idList('itemIds', itemIds) };
    const { items } = await this.#caller.call(stub.encodeItems.bind(stub), request, options);
    return items.map(({ vector }) => (vector.length === 0 ? undefined : vector));
  }

  /** @throws RecallCallError */
  async modelInfo(options?: ClientCallOptions): Promise<ModelInfo> {
    const stub = this.#stub;
    return modelInfo(await this.#caller.call(stub.getModelInfo.bind(stub), GetModelInfoRequest.create(), options));
  }

  /** Ends the connection; calls in flight fail. */
  close(): void {
    this.#stub.close();
  }
}
