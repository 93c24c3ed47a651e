import type { AddressInfo } from 'node:net';
import type { Server as HttpServer } from 'node:http';
import type { Registry } from 'prom-client';
import { AdminServiceService } from '../gen/recall/v1/admin';
import { RecallServiceService } from '../gen/recall/v1/recall';
import { adminAnswers } from '../handlers/admin-answers';
import { recallAnswers } from '../handlers/recall-answers';
import { ServerMetrics, type SwapOutcome } from '../observe/metrics';
import { serveMetrics } from '../observe/metrics-endpoint';
import { openSecrets, type SecretOptions, type Secrets } from '../security/open-secrets';
import { adminLimit, CallGate } from './call-gate';
import { CallPath } from './call-path';
import { GrpcPort } from './grpc-port';
import type { ModelAdmin, ModelSource, ServedModel } from './model-source';

export interface RecallServerOptions extends SecretOptions {
  readonly models: ModelSource;
  /** Absent for a server without the admin service. */
  readonly admin?: ModelAdmin;
  /** Whether `/metrics`, `/healthz` and `/readyz` are served; default true. */
  readonly metricsEndpoint?: boolean;
}

/** The ports that were bound. */
export interface ServerPorts {
  readonly recall: number;
  readonly admin?: number;
  readonly metrics?: number;
}

/** What a stopping server still waits for once its calls are done: that their last bytes are sent. */
const FLUSH_MS = 1000;

/** The recall service, the admin service and the metrics, each on its port. */
export class RecallServer {
  readonly #gate: CallGate;
  readonly #metrics: ServerMetrics;
  #recall?: GrpcPort;
  #admin?: GrpcPort;
  #endpoint?: HttpServer;
  #secrets?: Secrets;
  #ports: ServerPorts = { recall: 0 };
  #draining = false;

  private constructor(private readonly options: RecallServerOptions) {
    const { maxInFlight, latencyTargetMs } = options.config;
    this.#gate = new CallGate({ maxUsers: maxInFlight, targetMs: latencyTargetMs });
    this.#metrics = new ServerMetrics({
      inFlight: () => this.#gate.inFlight,
      inFlightLimit: () => this.#gate.limit,
      model: () => this.#read((model) => model.info()),
      searchQueue: () => this.#read((model) => model.searchQueueLength) ?? 0,
    });
  }

  /**
   * Binds the ports. Health is NOT_SERVING until there is a model: tell the server by {@link noteSwap}.
   * @throws ListenError, SecretFileError
   */
  static async start(options: RecallServerOptions): Promise<RecallServer> {
    const server = new RecallServer(options);
    try {
      await server.#open();
    } catch (error) {
      await server.#close(0);
      throw error;
    }
    return server;
  }

  get ports(): ServerPorts {
    return this.#ports;
  }

  /** What `/metrics` shows. */
  get registry(): Registry {
    return this.#metrics.registry;
  }

  /** Whether calls are answered: there is a model, and the server does not drain. */
  get isReady(): boolean {
    return !this.#draining && this.#read(() => true) === true;
  }

  /** Counts a swap and sets health by whether there is a model now. */
  noteSwap(outcome: SwapOutcome): void {
    this.#metrics.countSwap(outcome);
    this.#setHealth();
  }

  /**
   * Stops: health goes NOT_SERVING, new calls are refused, those in flight have `drainTimeoutMs` to finish, and then all
   * ports are closed.
   * @returns whether all calls finished in time
   */
  async drain(): Promise<boolean> {
    this.#draining = true;
    this.#setHealth();
    const finished = await within(this.options.config.drainTimeoutMs, this.#gate.drain());
    await this.#close(finished ? FLUSH_MS : 0);
    return finished;
  }

  async #open(): Promise<void> {
    const { config, models, admin, logger, metricsEndpoint = true } = this.options;
    const secrets = await openSecrets(this.options);
    this.#secrets = secrets;
    const metrics = this.#metrics;
    const shared = { tokens: secrets.tokens, metrics, logger };
    const common = { config, credentials: secrets.credentials };
    const recall = await GrpcPort.open({
      ...common,
      title: 'recall service',
      host: config.host,
      port: config.port,
      service: 'recall.v1.RecallService',
      definition: RecallServiceService,
      answers: recallAnswers({ models, limits: config, metrics }),
      path: new CallPath({ ...shared, service: 'recall.v1.RecallService', gate: this.#gate }),
    });
    this.#recall = recall;
    if (admin !== undefined) {
      this.#admin = await GrpcPort.open({
        ...common,
        title: 'admin service',
        host: config.adminHost,
        port: config.adminPort,
        service: 'recall.v1.AdminService',
        definition: AdminServiceService,
        answers: adminAnswers(admin),
        path: new CallPath({ ...shared, service: 'recall.v1.AdminService', gate: new CallGate(adminLimit) }),
      });
      // What operators call to get a model can't wait for one.
      this.#admin.health.set(true);
    }
    if (metricsEndpoint) {
      this.#endpoint = await serveMetrics(config.metricsHost, config.metricsPort, {
        registry: this.registry,
        isReady: () => this.isReady,
      });
    }
    this.#ports = { recall: recall.port, admin: this.#admin?.port, metrics: portOf(this.#endpoint) };
    this.#setHealth();
  }

  async #close(graceMs: number): Promise<void> {
    await Promise.all([this.#recall?.close(graceMs), this.#admin?.close(graceMs)]);
    this.#endpoint?.closeAllConnections();
    this.#endpoint?.close();
    this.#secrets?.close();
  }

  /** Reads off the model in use; `undefined` where there is none. */
  #read<Value>(read: (model: ServedModel) => Value): Value | undefined {
    const lease = this.options.models.acquire();
    if (lease === undefined) return undefined;
    try {
      return read(lease.service);
    } finally {
      lease.release();
    }
  }

  #setHealth(): void {
    this.#recall?.health.set(this.isReady);
    if (this.#draining) this.#admin?.health.set(false);
  }
}

function portOf(server: HttpServer | undefined): number | undefined {
  const address: AddressInfo | string | null | undefined = server?.address();
  return typeof address === 'object' ? address?.port : undefined;
}

/** Whether the work is done within a time. */
async function within(ms: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  const done = await Promise.race([work.then(() => true), tooLong]);
  clearTimeout(timer);
  return done;
}
