import type { Http2Session, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { logVerbosity, Server, setLogVerbosity, type ServerCredentials } from '@grpc/grpc-js';
import type { ServerConfig } from '@vector-recall/core-config';
import { statusOf } from '../contract/status';
import { ListenError } from '../errors';
import type { CallHead, Method } from '../pipeline/call';
import { deadlineOf } from '../pipeline/deadline';
import type { Pipeline } from '../pipeline/pipeline';
import { Connection } from './connection';
import { endCall } from './end-call';
import { Health } from './health';
import { listenFirst } from './http2-servers';
import { ReceiveBudget } from './receive-budget';
import { addReflection } from './reflection';
import { StreamedCall } from './streamed-call';
import { UnaryCall } from './unary-call';

/** A service of ours. */
export interface PortService {
  /** Full name, `recall.v1.RecallService`. */
  readonly service: string;
  readonly methods: readonly Method[];
  readonly pipeline: Pipeline;
}

export interface GrpcPortOptions extends PortService {
  /** For messages: `recall service`. */
  readonly title: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly credentials: ServerCredentials;
  readonly config: ServerConfig;
  /** Services beside the one that gives the port its health. */
  readonly others?: readonly PortService[];
}

/** A method, and what its calls go through. */
interface Served {
  readonly method: Method;
  readonly pipeline: Pipeline;
}

/** How often connections are checked. */
const CHECK_MS = 500;

/** Health and reflection take requests of a few names, which is all that is left to grpc-js. */
const OTHER_REQUEST_BYTES = 65_536;

/**
 * The services of ours on one port, with health and reflection beside it.
 *
 * grpc-js listens, keeps connections alive and answers health and reflection. Calls of the service are taken from it as
 * they begin: it would read a whole request before it asked whether the caller may send one, has one size for the requests
 * of all methods, and sets no time for them.
 */
export class GrpcPort {
  readonly #connections = new Set<Connection>();
  readonly #byMethod: ReadonlyMap<string, Served>;
  readonly #budget: ReceiveBudget;
  readonly #timer: NodeJS.Timeout;

  private constructor(
    private readonly options: GrpcPortOptions,
    private readonly server: Server,
    readonly health: Health,
    /** The port that was bound. */
    readonly port: number,
  ) {
    const { config, others = [] } = options;
    const served = [options, ...others].flatMap(({ service, methods, pipeline }) =>
      methods.map((method) => ({ path: `/${service}/${method.name}`, method, pipeline })),
    );
    this.#byMethod = new Map(served.map(({ path, ...each }) => [path, each]));
    this.#budget = new ReceiveBudget(Math.max(...served.map(({ method }) => method.maxRequestBytes)));
    const limits = { idleMs: config.maxConnectionIdleMs, transferMs: config.transferTimeoutMs };
    this.#timer = setInterval(() => {
      const now = performance.now();
      for (const connection of this.#connections) {
        connection.check(now, limits);
        if (connection.hasEnded) this.#connections.delete(connection);
      }
    }, CHECK_MS).unref();
  }

  /** @throws ListenError, TransportError */
  static async open(options: GrpcPortOptions): Promise<GrpcPort> {
    const { host, title, service, credentials, config, others = [] } = options;
    // grpc-js would also write to stderr that it can't listen, which the error says.
    if (process.env['GRPC_VERBOSITY'] === undefined) setLogVerbosity(logVerbosity.NONE);
    const server = new Server(channelOptions(config));
    const health = new Health(service);
    health.addTo(server);
    addReflection(server, [service, ...others.map((other) => other.service)]);

    const address = addressOf(host, options.port);
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(address, credentials, (error, bound) => {
        if (error === null) resolve(bound);
        else reject(new ListenError(address, `The ${title} can't listen on ${address}: ${reasonOf(error)}.`));
      });
    });
    const grpcPort = new GrpcPort(options, server, health, port);
    try {
      grpcPort.#listen();
    } catch (error) {
      await grpcPort.close(0);
      throw error;
    }
    return grpcPort;
  }

  /** Takes no new connections and ends those that are open once their calls are done; after the time, at once. */
  async close(graceMs: number): Promise<void> {
    // forceShutdown would leave connections open: it knows them only with channelz.
    this.server.drain(addressOf(this.options.host, this.port), graceMs);
    await new Promise<void>((resolve) => {
      const end = setTimeout(() => {
        for (const connection of this.#connections) connection.destroy();
        // grpc-js waits for ever for a connection that was about to end when it was asked to.
        resolve();
      }, graceMs);
      this.server.tryShutdown(() => {
        clearTimeout(end);
        resolve();
      });
    });
    clearInterval(this.#timer);
  }

  #listen(): void {
    const connections = new WeakMap<Http2Session, Connection>();
    listenFirst(this.server, this.options.config.maxConnections, {
      onSession: (session, socket) => {
        const connection = new Connection(session, socket);
        connections.set(session, connection);
        this.#connections.add(connection);
      },
      onStream: (stream, headers) => {
        const connection = stream.session && connections.get(stream.session);
        // Its session has ended in the meantime.
        if (connection === undefined) return true;
        return this.#take(stream, headers, connection);
      },
    });
  }

  /** @returns whether the call is ours, and not grpc-js's to answer */
  #take(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, connection: Connection): boolean {
    const path = headers[':path'] ?? '';
    const served = this.#byMethod.get(path);
    if (served === undefined || !isGrpc(headers)) {
      const refusal = Health.answers(path) ? undefined : this.options.pipeline.authenticate(headers);
      if (refusal === undefined) connection.watch(stream);
      else endCall(quiet(stream), refusal);
      return refusal !== undefined;
    }
    const { method, pipeline } = served;
    const head = headOf(method, headers);
    const refusal =
      'code' in head ? pipeline.fail({ method, headers, deadline: Infinity }, head) : pipeline.judge(head);
    if (refusal !== undefined) endCall(quiet(stream), refusal);
    else if (!('code' in head)) {
      const Call = method.join === undefined ? UnaryCall : StreamedCall;
      new Call(stream, head, connection, { pipeline, budget: this.#budget });
    }
    return true;
  }
}

/** Has what goes wrong with a stream that is only refused end nothing else. */
function quiet(stream: ServerHttp2Stream): ServerHttp2Stream {
  return stream.on('error', () => undefined);
}

function isGrpc({ 'content-type': type }: IncomingHttpHeaders): boolean {
  return type?.startsWith('application/grpc') === true;
}

function headOf(method: Method, headers: IncomingHttpHeaders): CallHead | ReturnType<typeof statusOf> {
  const timeout = headers['grpc-timeout'];
  try {
    return { method, headers, deadline: deadlineOf(timeout === undefined ? undefined : String(timeout)) };
  } catch (error) {
    return statusOf(error);
  }
}

function channelOptions(config: ServerConfig) {
  return {
    'grpc.max_receive_message_length': OTHER_REQUEST_BYTES,
    'grpc.max_concurrent_streams': config.maxCallsPerConnection,
    'grpc.keepalive_time_ms': config.keepaliveTimeMs,
    'grpc.keepalive_timeout_ms': config.keepaliveTimeoutMs,
    ...(config.maxConnectionAgeMs > 0 ? { 'grpc.max_connection_age_ms': config.maxConnectionAgeMs } : {}),
    // Statistics for a debugging service that is not offered here.
    'grpc.enable_channelz': 0,
  };
}

function addressOf(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** grpc-js wraps the reasons of all addresses that it tried into one text. */
function reasonOf({ message }: Error): string {
  return /errors: \[(.*)\]/.exec(message)?.[1] ?? message;
}
