import type { ChannelCredentials, ChannelOptions, Metadata } from '@grpc/grpc-js';
import { callMetadata, channelCredentials, channelOptions, type RecallClientOptions } from './client-options';
import { callClientStream, type Source, type StreamMethod } from './client-stream';
import { callUnary, type ClientCallOptions, type Method } from './unary-call';

/** What the clients of all services have in common: how they connect, and the deadline and token of their calls. */
export class Caller {
  /** The arguments of a generated client. */
  readonly connection: readonly [target: string, credentials: ChannelCredentials, options: ChannelOptions];
  readonly #metadata: Metadata;

  /** @throws SecretFileError */
  constructor(
    private readonly target: string,
    private readonly options: RecallClientOptions,
  ) {
    this.connection = [target, channelCredentials(options.tls), channelOptions(target, options)];
    this.#metadata = callMetadata(options.token);
  }

  /** @throws RecallCallError */
  call<Request, Response>(
    method: Method<Request, Response>,
    request: Request,
    options: ClientCallOptions = {},
  ): Promise<Response> {
    const deadlineMs = options.deadlineMs ?? this.options.deadlineMs ?? 2000;
    return callUnary(method, request, { ...options, ...this.#destination, deadlineMs, metadata: this.#metadata });
  }

  /** Has no deadline but the given one. @throws RecallCallError, or what the source throws */
  stream<Request, Response>(
    method: StreamMethod<Request, Response>,
    requests: Source<Request>,
    options: ClientCallOptions = {},
  ): Promise<Response> {
    return callClientStream(method, requests, { ...options, ...this.#destination, metadata: this.#metadata });
  }

  get #destination() {
    return { target: this.target, usesTls: this.options.tls !== undefined };
  }
}
