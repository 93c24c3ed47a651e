import type { CallOptions, ClientUnaryCall, Metadata, ServiceError } from '@grpc/grpc-js';
import { BatchRecallRequest, GetModelInfoRequest, RecallServiceClient } from '../gen/recall/v1/recall';
import { callMetadata, channelCredentials, channelOptions, type RecallClientOptions } from './client-options';
import { RecallCallError } from './errors';
import { modelInfo, recallAnswer, recallMessage, similarItemsAnswer, similarItemsMessage } from './messages';
import { explainNoServer } from './no-server';
import type { ModelInfo, RecallAnswer, RecallQuery, SimilarItemsAnswer, SimilarItemsQuery } from './types';

export interface ClientCallOptions {
  /** Ends the call: it then rejects with the status CANCELLED. */
  readonly signal?: AbortSignal;
  /** Default: the client's. */
  readonly deadlineMs?: number;
}

type Method<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: CallOptions,
  callback: (error: ServiceError | null, response: Response) => void,
) => ClientUnaryCall;

/**
 * Calls a recall server with plain ids. Calls have a deadline, and are repeated with growing pauses while the server is
 * UNAVAILABLE, as it is while it starts or stops.
 */
export class RecallClient {
  readonly #stub: RecallServiceClient;
  readonly #metadata: Metadata;

  /**
   * @param target `host:port`, or any name that gRPC resolves
   * @throws SecretFileError
   */
  constructor(
    private readonly target: string,
    private readonly options: RecallClientOptions = {},
  ) {
    this.#stub = new RecallServiceClient(target, channelCredentials(options.tls), channelOptions(options));
    this.#metadata = callMetadata(options.token);
  }

  /** @throws RecallCallError, ClientRequestError */
  async recall(query: RecallQuery, options?: ClientCallOptions): Promise<RecallAnswer> {
    const stub = this.#stub;
    return recallAnswer(await this.#call(stub.recall.bind(stub), recallMessage(query), options));
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
    const { results } = await this.#call(stub.batchRecall.bind(stub), request, options);
    return results.map(({ response, error }) =>
      response === undefined
        ? RecallCallError.of(error?.code ?? 2, error?.message ?? 'The entry has no outcome.')
        : recallAnswer(response),
    );
  }

  /** @throws RecallCallError, ClientRequestError */
  async similarItems(query: SimilarItemsQuery, options?: ClientCallOptions): Promise<SimilarItemsAnswer> {
    const stub = this.#stub;
    return similarItemsAnswer(await this.#call(stub.similarItems.bind(stub), similarItemsMessage(query), options));
  }

  /** @throws RecallCallError */
  async modelInfo(options?: ClientCallOptions): Promise<ModelInfo> {
    const stub = this.#stub;
    return modelInfo(await this.#call(stub.getModelInfo.bind(stub), GetModelInfoRequest.create(), options));
  }

  /** Ends the connection; calls in flight fail. */
  close(): void {
    this.#stub.close();
  }

  #call<Request, Response>(
    method: Method<Request, Response>,
    request: Request,
    { signal, deadlineMs = this.options.deadlineMs ?? 2000 }: ClientCallOptions = {},
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      const deadline = Date.now() + deadlineMs;
      const call = method(request, this.#metadata, { deadline }, (error, response) => {
        signal?.removeEventListener('abort', cancel);
        if (error === null) resolve(response);
        else reject(this.#failure(error));
      });
      const cancel = (): void => {
        call.cancel();
      };
      signal?.addEventListener('abort', cancel);
      if (signal?.aborted === true) cancel();
    });
  }

  #failure(error: ServiceError): RecallCallError {
    const details = explainNoServer(error, this.target) ?? error.details;
    return RecallCallError.of(error.code, details, requestIdOf(error));
  }
}

function requestIdOf({ metadata }: ServiceError): string | undefined {
  const [id] = metadata.get('x-request-id');
  return typeof id === 'string' ? id : undefined;
}
