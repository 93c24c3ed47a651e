import type { DescMethod } from '@bufbuild/protobuf';
import {
  atDeadline,
  CallSignal,
  REQUEST_ID,
  status,
  type CallEnd,
  type CallHead,
  type CallStatus,
  type Method,
  type ServiceCalls,
} from '@vector-recall/recall-grpc/calls';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { describeService } from './contract';
import { jsonCodec, JsonRequestError, type JsonCodec } from './json-codec';
import { connectStatus } from './statuses';

/** A number in JSON takes more characters than in protobuf: a float of 4 bytes up to 14, an id of 48 up to 51. */
const JSON_BYTES_PER_BYTE = 5;

/** `Connect-Timeout-Ms` has at most ten digits. */
const TIMEOUT = /^\d{1,10}$/;

/** A method that is served, with what it is written in. */
interface Route {
  readonly method: Method;
  readonly codec: JsonCodec;
}

/**
 * Adds the methods of a service that the contract describes.
 * @returns their descriptions
 */
export function addService(app: FastifyInstance, calls: ServiceCalls): DescMethod[] {
  const described = new Map(
    describeService(calls.service).methods.map((method): [string, DescMethod] => [method.name, method]),
  );
  return calls.methods.flatMap((method) => {
    const description = described.get(method.name);
    // A stream of requests has no form in one body of JSON.
    if (description === undefined || description.methodKind !== 'unary') return [];
    addRoute(app, calls, { method, codec: jsonCodec(description) });
    return [description];
  });
}

function addRoute(app: FastifyInstance, calls: ServiceCalls, { method, codec }: Route): void {
  const heads = new WeakMap<FastifyRequest, CallHead>();
  app.post(`/${calls.service}/${method.name}`, {
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
  calls: ServiceCalls,
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
function statusOfError(error: unknown): CallStatus {
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
  await sendError(reply, { code, details });
}

/** Says why there is no answer, as the Connect protocol does. */
export async function sendError(reply: FastifyReply, { code, details }: CallStatus): Promise<void> {
  const { name, http } = connectStatus(code);
  const body = JSON.stringify({ code: name, message: details });
  await reply.code(http).type('application/json; charset=utf-8').send(body);
}
