import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ServerConfig } from '@vector-recall/core-config';
import { openHttpsFiles, type HttpsFiles, type ServiceCalls } from '@vector-recall/recall-grpc/calls';
import { ConsoleFilesError } from '@vector-recall/console';
import { ListenError } from '@vector-recall/recall-grpc';
import { fastify, type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { addConsole, type ConsoleOptions } from './console-routes';
import { openApiDocument } from './open-api';
import { addService } from './service-routes';

export interface HttpPortOptions {
  /** The services of the gRPC server that this port answers too. */
  readonly services: readonly ServiceCalls[];
  /** Absent where there is no console. */
  readonly console?: ConsoleOptions;
  readonly config: ServerConfig;
  readonly host: string;
  /** 0 takes one that is free. */
  readonly port: number;
  readonly logger: Logger;
}

/** The recall service on a port for HTTP and JSON: the unary form of the Connect protocol. */
export class HttpPort {
  private constructor(
    private readonly app: FastifyInstance,
    private readonly files: HttpsFiles | undefined,
    /** The port that was bound. */
    readonly port: number,
  ) {}

  /** @throws ListenError, SecretFileError, ConsoleFilesError */
  static async open(options: HttpPortOptions): Promise<HttpPort> {
    const { host, port, config, logger } = options;
    const files = await openHttpsFiles(config, {
      refreshMs: config.secretsRefreshMs,
      warn: (error) => {
        logger.warn(error.message);
      },
    });
    const app = createApp(config, files);
    const described = options.services.flatMap((service) => addService(app, service));
    const document = openApiDocument(described);
    app.get('/openapi.json', () => document);
    try {
      if (options.console !== undefined) await addConsole(app, options.console);
      await app.listen({ host, port });
    } catch (error) {
      files?.close();
      if (error instanceof ConsoleFilesError) throw error;
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
