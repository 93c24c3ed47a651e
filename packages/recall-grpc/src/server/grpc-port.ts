import {
  logVerbosity,
  Server,
  setLogVerbosity,
  type handleUnaryCall,
  type ServerCredentials,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import type { ServerConfig } from '@vector-recall/core-config';
import { ListenError } from '../errors';
import { maxRequestBytes } from '../wire/limits';
import type { Answer, CallPath } from './call-path';
import { Health } from './health';
import { addReflection } from './reflection';
import { refuse } from './streams/early-refusals';
import { lookFirst } from './streams/first-look';
import { sendTrailersPromptly } from './streams/prompt-trailers';
import { nameResponseOptions } from './streams/response-options';

export interface GrpcPortOptions {
  /** For messages: `recall service`. */
  readonly title: string;
  /** Full name, `recall.v1.RecallService`. */
  readonly service: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly credentials: ServerCredentials;
  readonly config: ServerConfig;
  readonly definition: ServiceDefinition;
  readonly answers: Readonly<Record<string, Answer>>;
  readonly path: CallPath;
}

/** One service of ours on a port of its own, with health and reflection beside it. */
export class GrpcPort {
  private constructor(
    private readonly server: Server,
    readonly health: Health,
    private readonly host: string,
    /** The port that was bound. */
    readonly port: number,
  ) {}

  /** @throws ListenError */
  static async open(options: GrpcPortOptions): Promise<GrpcPort> {
    const { host, title, service, credentials, config, definition } = options;
    // grpc-js would also write to stderr that it can't listen, which the error says.
    if (process.env['GRPC_VERBOSITY'] === undefined) setLogVerbosity(logVerbosity.NONE);
    const server = new Server(channelOptions(config));
    server.addService(rawDefinition(definition), handlers(options));
    const health = new Health(service);
    health.addTo(server);
    addReflection(server, service);

    const address = addressOf(host, options.port);
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(address, credentials, (error, bound) => {
        if (error === null) resolve(bound);
        else reject(new ListenError(address, `The ${title} can't listen on ${address}: ${reasonOf(error)}.`));
      });
    });
    const methods = new Map(Object.values(definition).map(({ path }) => [path, methodOf(path)]));
    lookFirst(server, (stream, headers) => {
      const method = methods.get(headers[':path'] ?? '');
      if (method === undefined) return false;
      const refusal = options.path.refuseEarly(method);
      if (refusal !== undefined) {
        refuse(stream, refusal);
        return true;
      }
      nameResponseOptions(stream);
      sendTrailersPromptly(stream);
      return false;
    });
    return new GrpcPort(server, health, host, port);
  }

  /** Takes no new connections and ends those that are open once their calls are done; after the time, at once. */
  async close(graceMs: number): Promise<void> {
    // forceShutdown would leave connections open: it knows them only with channelz.
    this.server.drain(addressOf(this.host, this.port), graceMs);
    await new Promise<void>((resolve) => {
      this.server.tryShutdown(() => {
        resolve();
      });
    });
  }
}

function channelOptions(config: ServerConfig) {
  return {
    'grpc.max_receive_message_length': maxRequestBytes(config),
    'grpc.max_concurrent_streams': config.maxCallsPerConnection,
    'grpc.keepalive_time_ms': config.keepaliveTimeMs,
    'grpc.keepalive_timeout_ms': config.keepaliveTimeoutMs,
    ...(config.maxConnectionAgeMs > 0 ? { 'grpc.max_connection_age_ms': config.maxConnectionAgeMs } : {}),
    // Statistics for a debugging service that is not offered here.
    'grpc.enable_channelz': 0,
  };
}

const same = (bytes: Buffer): Buffer => bytes;

/** The methods with requests and responses as bytes: {@link CallPath} refuses calls before they are decoded. */
function rawDefinition(definition: ServiceDefinition): ServiceDefinition {
  return Object.fromEntries(
    Object.entries(definition).map(([name, method]) => [
      name,
      {
        ...method,
        requestSerialize: same,
        requestDeserialize: same,
        responseSerialize: same,
        responseDeserialize: same,
      },
    ]),
  );
}

function handlers({ definition, answers, path }: GrpcPortOptions): Record<string, handleUnaryCall<Buffer, Buffer>> {
  return Object.fromEntries(
    Object.entries(answers).map(([name, answer]) => [name, path.handler(methodOf(definition[name].path), answer)]),
  );
}

/** `/recall.v1.RecallService/Recall` → `Recall` */
function methodOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function addressOf(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** grpc-js wraps the reasons of all addresses that it tried into one text. */
function reasonOf({ message }: Error): string {
  return /errors: \[(.*)\]/.exec(message)?.[1] ?? message;
}
