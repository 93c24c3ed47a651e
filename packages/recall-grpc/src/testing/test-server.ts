import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { sectionSchemas, type ServerConfig } from '@vector-recall/core-config';
import { VectorRecallService, type RecallLimits } from '@vector-recall/recall-service';
import { publishSmallWorld, type SmallArtifact } from '@vector-recall/recall-service/testing';
import { pino, type Logger } from 'pino';
import { AdminServiceClient } from '../gen/recall/v1/admin';
import { RecallServiceClient } from '../gen/recall/v1/recall';
import type { ModelAdmin, ModelLease, ServedModel } from '../contract/model-source';
import { RecallServer, type RecallServerOptions } from '../server/recall-server';

/** A small artifact on disk and the service that answers from it. */
export interface World extends SmallArtifact {
  readonly service: VectorRecallService;
  remove(): Promise<void>;
}

/** @param limits of the service, as a server would pass on its own */
export async function makeWorld(limits?: Partial<RecallLimits>): Promise<World> {
  const root = mkdtempSync(join(tmpdir(), 'recall-grpc-'));
  const artifact = await publishSmallWorld(root);
  const service = await VectorRecallService.fromArtifact(root, { searchThreads: 1, strictIds: true, limits });
  const remove = async (): Promise<void> => {
    await service.close();
    rmSync(root, { recursive: true });
  };
  return { ...artifact, service, remove };
}

/** A model source whose leases can be counted and whose model can be taken away. */
export class TestModels {
  leases = 0;

  constructor(public model: ServedModel | undefined) {}

  acquire(): ModelLease | undefined {
    if (this.model === undefined) return undefined;
    this.leases++;
    const release = (): void => {
      this.leases--;
    };
    return { service: this.model, release };
  }
}

const notAsked = (): Promise<never> => Promise.reject(new Error('The test does not ask for this.'));

/** For servers whose admin service is there and not asked for a version. */
export const idleAdmin: ModelAdmin = {
  versions: () => Promise.resolve([]),
  reload: notAsked,
  promote: notAsked,
  rollBack: notAsked,
};

/** The defaults, on free ports of loopback. */
export function serverConfig(changes: Partial<ServerConfig> = {}): ServerConfig {
  const local = { host: '127.0.0.1', port: 0, adminPort: 0, metricsHost: '127.0.0.1', metricsPort: 0 };
  return sectionSchemas.server.parse({ ...local, ...changes });
}

/** Keeps log lines instead of writing them. */
export function capturingLogger(lines: string[] = [], level = 'trace'): Logger {
  return pino({ level }, { write: (line) => lines.push(line) });
}

type StartOptions = Partial<Omit<RecallServerOptions, 'config'>> & { readonly config?: Partial<ServerConfig> };

/** Started servers and their clients; `stop` ends them all. */
export class Servers {
  readonly #stops: (() => unknown)[] = [];

  async start(models: RecallServerOptions['models'], { config, ...options }: StartOptions = {}): Promise<RecallServer> {
    const logger = capturingLogger([], 'silent');
    const server = await RecallServer.start({ models, logger, env: {}, ...options, config: serverConfig(config) });
    this.#stops.push(() => server.drain());
    return server;
  }

  client({ ports }: RecallServer, channel = credentials.createInsecure()): RecallServiceClient {
    return this.#closing(new RecallServiceClient(`localhost:${ports.recall}`, channel));
  }

  adminClient({ ports }: RecallServer, channel = credentials.createInsecure()): AdminServiceClient {
    return this.#closing(new AdminServiceClient(`localhost:${ports.admin ?? 0}`, channel));
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) await stop();
  }

  #closing<T extends { close(): void }>(client: T): T {
    this.#stops.push(() => {
      client.close();
    });
    return client;
  }
}
