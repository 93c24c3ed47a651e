import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { DescMethod } from '@bufbuild/protobuf';
import type { ServerConfig } from '@vector-recall/core-config';
import {
  atDeadline,
  CallSignal,
  openHttpsFiles,
  RECALL_SERVICE,
  REQUEST_ID,
  status,
  type CallEnd,
  type CallHead,
  type HttpsFiles,
  type Method,
  type RecallCalls,
} from '@vector-recall/recall-grpc/calls';
import { ListenError } from '@vector-recall/recall-grpc';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { recallService } from './contract';
import { jsonCodec, JsonRequestError, type JsonCodec } from './json-codec';
import { openApiDocument } from './open-api';
import { connectStatus } from './statuses';

export interface HttpPortOptions {
  /** The calls of the gRPC server, which this port answers too. */
  readonly calls: RecallCalls;
  readonly config: ServerConfig;
  readonly host: string;
  /** 0 takes one that is free. */
  readonly port: number;
  readonly logger: Logger;
}

/** A number in JSON takes more characters than in protobuf: a float of 4 bytes up to 14, an id of 48 up to 51. */
const JSON_BYTES_PER_BYTE = 5;

/** `Connect-Timeout-Ms` has at most ten digits. */
const TIMEOUT = /^\d{1,10}$/;

/** A method that is served, with what it is written in. */
interface Route {
  readonly method: Method;
  readonly codec: JsonCodec;
}

/** The recall service on a port for HTTP and JSON: the unary form of the Connect protocol. */
export class HttpPort {
  private constructor(
    private readonly app: FastifyInstance,
    private readonly files: HttpsFiles | undefined,
    /** The port that was bound. */
    readonly port: number,
  ) {}

  /** @throws ListenError, SecretFileError */
  static async open(options: HttpPortOptions): Promise<HttpPort> {
    const { host, port, config, logger } = options;
    const files = await openHttpsFiles(config, {
      refreshMs: config.secretsRefreshMs,
      warn: (error) => {
        logger.warn(error.message);
      },
    });
    const app = createApp(config, files);
    addRoutes(app, options.calls);
    try {
      await app.listen({ host, port });
    } catch (error) {
      files?.close();
      const reason = error instanceof Error ? error.message : String(error);
      throw new ListenError(`${host}:${port}`, `The HTTP port can't listen on ${host}:${port}: ${reason}.`);
    }
    const address: AddressInfo | string | null = app.server.address();
    return new HttpPort(app, files, typeof address === 'object' && address !== null ? address.port : port);
  }

  /** Takes no new connections and ends when the last answer is sent. */
  async close(): Promise<void> {
    this.files?.close();
    await this.app.close();
  }
}

function createApp(config: ServerConfig, files: HttpsFiles | undefined): FastifyInstance {
  const app = fastify({
    forceCloseConnections: 'idle',
    serverFactory: (handler) => {
      const limits = { requestTimeout: config.transferTimeoutMs, keepAliveTimeout: config.maxConnectionIdleMs };
      if (files === undefined) return Object.assign(createHttpServer(limits, handler), serverLimits(config));
      const server = createHttpsServer({ ...limits, ...files.current() }, handler);
      files.onChange(() => {
        server.setSecureContext(files.current());
      });
      return Object.assign(server, serverLimits(config));
    },
  });
  // The text is parsed with the message that it is to be.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    done(null, body);
  });
  return app;
}

function serverLimits({ maxConnections }: ServerConfig) {
  return { maxConnections };
}

function addRoutes(app: FastifyInstance, calls: RecallCalls): void {
  const described = new Map(recallService().methods.map((method): [string, DescMethod] => [method.name, method]));
  const served = calls.methods.flatMap((method): Route[] => {
    const description = described.get(method.name);
    return description === undefined ? [] : [{ method, codec: jsonCodec(description) }];
  });
  const document = openApiDocument(served.map(({ method }) => method.name));
  app.get('/openapi.json', () => document);
  for (const route of served) addRoute(app, calls, route);
}

function addRoute(app: FastifyInstance, calls: RecallCalls, { method, codec }: Route): void {
  const heads = new WeakMap<FastifyRequest, CallHead>();
  app.post(`/${RECALL_SERVICE}/${method.name}`, {
    bodyLimit: method.maxRequestBytes * JSON_BYTES_PER_BYTE,
    // By the headers alone, before the body is received.
    onRequest: async (request, reply) => {
      const head: CallHead = { method, headers: { ...request.headers }, deadline: deadlineOf(request) };
      heads.set(request, head);
      const refusal = calls.judge(head);
      if (refusal !== undefined) await send(reply, refusal);
    },
    handler: async (request, reply) => {
      const head = heads.get(request) ?? { method, headers: {}, deadline: Infinity };
      await send(reply, await answer(calls, head, codec, request, reply), codec);
    },
    errorHandler: (error, request, reply) => {
      const head = heads.get(request) ?? { method, headers: {}, deadline: Infinity };
      void send(reply, calls.fail(head, statusOfError(error)));
    },
  });
}

/** Answers a call whose body was received; the work ends with its deadline or when the caller has gone. */
async function answer(
  calls: RecallCalls,
  head: CallHead,
  codec: JsonCodec,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<CallEnd> {
  const { maxRequestBytes } = head.method;
  const bytes = codec.request(typeof request.body === 'string' ? request.body : '');
  if (bytes.length > maxRequestBytes) {
    const details = `The request has ${bytes.length} bytes, but this method takes at most ${maxRequestBytes}.`;
    return calls.fail(head, { code: status.RESOURCE_EXHAUSTED, details });
  }
  const signal = new CallSignal();
  const abort = (): void => {
    signal.abort();
  };
  reply.raw.once('close', abort);
  const timer = head.deadline === Infinity ? undefined : atDeadline(head.deadline, abort);
  try {
    return await calls.run(head, bytes, signal);
  } finally {
    clearTimeout(timer);
    reply.raw.off('close', abort);
  }
}

/** In milliseconds since 1970; infinite where there is none. */
function deadlineOf({ headers }: FastifyRequest): number {
  const timeout = headers['connect-timeout-ms'];
  if (timeout === undefined) return Infinity;
  if (typeof timeout === 'string' && TIMEOUT.test(timeout)) return Date.now() + Number(timeout);
  throw new JsonRequestError('Connect-Timeout-Ms must be a whole number of milliseconds with at most 10 digits.');
}

/** What fastify or the codec refuses, as a status of ours. */
function statusOfError(error: unknown): { code: status; details: string } {
  if (error instanceof JsonRequestError) return { code: status.INVALID_ARGUMENT, details: error.message };
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return { code: status.RESOURCE_EXHAUSTED, details: 'The body is larger than this method takes.' };
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' || code === 'FST_ERR_CTP_EMPTY_TYPE') {
    return { code: status.INVALID_ARGUMENT, details: 'Send the body as application/json.' };
  }
  const http = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  if (typeof http === 'number' && http < 500 && error instanceof Error) {
    return { code: status.INVALID_ARGUMENT, details: error.message };
  }
  return { code: status.INTERNAL, details: 'The server failed; its log has the cause.' };
}

async function send(reply: FastifyReply, end: CallEnd, codec?: JsonCodec): Promise<void> {
  const { code, details, response, requestId } = end;
  if (requestId !== undefined) void reply.header(REQUEST_ID, requestId);
  void reply.type('application/json; charset=utf-8');
  if (response !== undefined && codec !== undefined) {
    await reply.send(codec.response(response));
    return;
  }
  const { name, http } = connectStatus(code);
  await reply.code(http).send(JSON.stringify({ code: name, message: details }));
}
