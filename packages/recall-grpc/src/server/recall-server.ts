import type { AddressInfo } from 'node:net';
import type { Server as HttpServer } from 'node:http';
import type { LiveIndexEvent } from '@vector-recall/live-index';
import {
  versionLabels,
  type LiveRecallEvent,
  type StandingSource,
  type VersionLabel,
} from '@vector-recall/recall-service';
import type { Registry } from 'prom-client';
import { adminMethods, versionMethods } from '../handlers/admin-methods';
import { itemMethods } from '../handlers/item-methods';
import { recallMethods } from '../handlers/recall-methods';
import { ServerMetrics, type LiveFigures, type SwapOutcome } from '../observe/metrics';
import { serveMetrics } from '../observe/metrics-endpoint';
import type { ServedLogEvent } from '../observe/served-log/served-answer';
import { ServedLog } from '../observe/served-log/served-log';
import { openSecrets, type SecretOptions, type Secrets } from '../security/open-secrets';
import { adminLimit, CallGate, changeLimit } from '../pipeline/call-gate';
import { Pipeline } from '../pipeline/pipeline';
import { GrpcPort, type PortService } from '../transport/grpc-port';
import { ADMIN_SERVICE, ITEM_SERVICE, RECALL_SERVICE, serviceCalls, type ServiceCalls } from './service-calls';
import type { ModelAdmin, ModelSource, ServedChanges, ServedModel, VersionAdmin } from '../contract/model-source';

export interface RecallServerOptions extends SecretOptions {
  readonly models: ModelSource;
  /** Absent for a server without the admin service. */
  readonly admin?: ModelAdmin;
  /** What other transports promote versions by, with a token of the role `admin`; absent where none does. */
  readonly versionAdmin?: VersionAdmin;
  /** What holds for every request, for the metrics. */
  readonly standing?: StandingSource;
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
  readonly #changeGate = new CallGate(changeLimit);
  readonly #metrics: ServerMetrics;
  #recall?: GrpcPort;
  #calls: readonly ServiceCalls[] = [];
  #admin?: GrpcPort;
  #endpoint?: HttpServer;
  #secrets?: Secrets;
  #served?: ServedLog;
  #ports: ServerPorts = { recall: 0 };
  #draining = false;

  private constructor(private readonly options: RecallServerOptions) {
    const { maxInFlight, latencyTargetMs } = options.config;
    this.#gate = new CallGate({ maxUsers: maxInFlight, targetMs: latencyTargetMs });
    this.#metrics = new ServerMetrics({
      inFlight: () => this.#gate.inFlight,
      inFlightLimit: () => this.#gate.limit,
      model: () => this.#read((model) => model.info()),
      versions: () => this.#versions(),
      searchQueue: () => this.#read((model) => model.searchQueueLength) ?? 0,
      live: () => this.#read((model) => model.live && liveFigures(model.live)),
      standing: () => options.standing?.current,
    });
  }

  /**
   * Binds the ports. Health is NOT_SERVING until there is a model: tell the server by {@link noteSwap}.
   * @throws ListenError, SecretFileError, ServedLogError
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

  /** The calls of the recall service and of changes, and with `versionAdmin` those about versions, for a port that is not gRPC's. */
  get calls(): readonly ServiceCalls[] {
    return this.#calls;
  }

  /** What `/metrics` shows. */
  get registry(): Registry {
    return this.#metrics.registry;
  }

  /** Why calls are not answered, in a few words; `undefined` where they are. */
  get whyNotReady(): string | undefined {
    if (this.#draining) return 'the server is stopping';
    return this.#read(() => true) === true ? undefined : 'no model is loaded yet';
  }

  /** Counts a swap and sets health by whether there is a model now. */
  noteSwap(outcome: SwapOutcome): void {
    this.#metrics.countSwap(outcome);
    this.#setHealth();
  }

  /** Counts a merge of changed items, or its failure. */
  noteLiveMerge(event: LiveIndexEvent): void {
    this.#metrics.liveMerges.note(event);
  }

  /** Counts what came of a search that was picked to be checked. */
  noteLiveRecall(event: LiveRecallEvent): void {
    this.#metrics.liveRecall.note(event);
  }

  /**
   * Stops: health goes NOT_SERVING, new calls are refused, those in flight have `drainTimeoutMs` to finish, and then all
   * ports are closed.
   * @returns whether all calls finished in time
   */
  async drain(): Promise<boolean> {
    this.#draining = true;
    this.#setHealth();
    const finished = await within(
      this.options.config.drainTimeoutMs,
      Promise.all([this.#gate.drain(), this.#changeGate.drain()]),
    );
    await this.#close(finished ? FLUSH_MS : 0);
    return finished;
  }

  async #open(): Promise<void> {
    const { config, models, admin, versionAdmin, logger, metricsEndpoint = true } = this.options;
    const secrets = await openSecrets(this.options);
    this.#secrets = secrets;
    const metrics = this.#metrics;
    const shared = { tokens: secrets.tokens, metrics, logger };
    const common = { config, credentials: secrets.credentials };
    this.#served = await this.#openServedLog();
    const methods = recallMethods({ models, limits: config, metrics, served: this.#served });
    const pipeline = new Pipeline({ ...shared, service: RECALL_SERVICE, gate: this.#gate });
    const items: PortService = {
      service: ITEM_SERVICE,
      methods: itemMethods({ models, limits: config }),
      pipeline: new Pipeline({ ...shared, service: ITEM_SERVICE, gate: this.#changeGate, role: 'write' }),
    };
    this.#calls = [
      serviceCalls(RECALL_SERVICE, methods, pipeline),
      serviceCalls(items.service, items.methods, items.pipeline),
    ];
    if (versionAdmin !== undefined) {
      const gate = new CallGate(adminLimit);
      const guarded = new Pipeline({ ...shared, service: ADMIN_SERVICE, gate, role: 'admin' });
      this.#calls = [...this.#calls, serviceCalls(ADMIN_SERVICE, versionMethods(versionAdmin), guarded)];
    }
    const recall = await GrpcPort.open({
      ...common,
      title: 'recall service',
      host: config.host,
      port: config.port,
      service: RECALL_SERVICE,
      methods,
      pipeline,
      others: [items],
    });
    this.#recall = recall;
    if (admin !== undefined) {
      this.#admin = await GrpcPort.open({
        ...common,
        title: 'admin service',
        host: config.adminHost,
        port: config.adminPort,
        service: ADMIN_SERVICE,
        methods: adminMethods(admin),
        pipeline: new Pipeline({ ...shared, service: ADMIN_SERVICE, gate: new CallGate(adminLimit) }),
      });
      // What operators call to get a model can't wait for one.
      this.#admin.health.set(true);
    }
    if (metricsEndpoint) {
      this.#endpoint = await serveMetrics(config.metricsHost, config.metricsPort, {
        registry: this.registry,
        whyNotReady: () => this.whyNotReady,
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
    await this.#served?.close();
  }

  async #openServedLog(): Promise<ServedLog | undefined> {
    const { logServed: folder, logServedShare: share, logServedMaxMib, workers } = this.options.config;
    if (folder === '') return undefined;
    const maxBytes = logServedMaxMib * 1024 * 1024;
    const onEvent = (event: ServedLogEvent): void => {
      this.#noteServedLog(event);
    };
    return ServedLog.open({ folder, share, maxBytes, writers: workers, onEvent });
  }

  #noteServedLog(event: ServedLogEvent): void {
    const { logger, config } = this.options;
    const folder = config.logServed;
    if (event.type === 'failing') {
      logger.error(
        { folder, reason: event.reason },
        'Served answers are dropped from the log, until it can be written.',
      );
    } else if (event.type === 'recovered') {
      logger.info({ folder }, 'Served answers are logged again.');
    } else this.#metrics.countServedLog(event.type, event.answers);
  }

  #versions(): { version: string; label?: VersionLabel }[] {
    const isSplit = this.options.models.labelOf !== undefined;
    return (isSplit ? versionLabels : [undefined]).flatMap((label) => {
      const version = this.#read((model) => model.info().version, label);
      return version === undefined ? [] : [{ version, label }];
    });
  }

  /** Reads off the model in use; `undefined` where there is none. */
  #read<Value>(read: (model: ServedModel) => Value, label?: VersionLabel): Value | undefined {
    const lease = this.options.models.acquire(label);
    if (lease === undefined) return undefined;
    try {
      return read(lease.service);
    } finally {
      lease.release();
    }
  }

  #setHealth(): void {
    this.#recall?.health.set(this.whyNotReady === undefined);
    if (this.#draining) this.#admin?.health.set(false);
  }
}

function liveFigures({ index, logBytes, unusableItems }: ServedChanges): LiveFigures {
  const { baseDead, graphs, blocks } = index.stats;
  const rows = [...graphs, ...blocks.map(({ living }) => living)];
  return { changedItems: rows.reduce((sum, count) => sum + count, 0), deadItems: baseDead, logBytes, unusableItems };
}

function portOf(server: HttpServer | undefined): number | undefined {
  const address: AddressInfo | string | null | undefined = server?.address();
  return typeof address === 'object' ? address?.port : undefined;
}

/** Whether the work is done within a time. */
async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  const done = await Promise.race([work.then(() => true), tooLong]);
  clearTimeout(timer);
  return done;
}
