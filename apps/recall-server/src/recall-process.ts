import { availableParallelism } from 'node:os';
import type { ServerConfig } from '@vector-recall/core-config';
import type { ChangeSource } from '@vector-recall/live-index';
import { RecallServer, type SwapOutcome, type VersionAdmin } from '@vector-recall/recall-grpc';
import type { LiveIndexEvent } from '@vector-recall/live-index';
import { HttpPort } from '@vector-recall/recall-http';
import {
  ModelHost,
  ShownItems,
  SplitModels,
  StandingAdmin,
  type LiveRecallEvent,
  type ServiceOptions,
  type StandingStore,
} from '@vector-recall/recall-service';
import type { Logger } from 'pino';
import { readServedVersions } from './served-versions';
import { logLiveEvent, logLiveRecallEvent, logModelEvent } from './log';

/** What concerns all processes on a port together. */
export interface SharedControl extends VersionAdmin {
  /** What `/metrics` shows of all of them. */
  metrics(): Promise<string>;
}

export interface RecallProcessOptions {
  readonly config: ServerConfig;
  readonly logger: Logger;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the process has an admin port and a metrics port of its own. */
  readonly standsAlone: boolean;
  /** Whether the port is opened only after a first try to load a model. */
  readonly loadsFirst?: boolean;
  /** Asked for a copy of the index that several processes map. */
  readonly shareIndex?: ServiceOptions['shareIndex'];
  readonly onServing?: (version: string) => void;
  /** Where changes are made and heard of; absent where none are taken. */
  readonly changes?: ChangeSource;
  /** What holds for every request; absent where nothing is kept. */
  readonly standing?: StandingStore;
  /** Asked in place of this process; absent where it stands alone. */
  readonly control?: SharedControl;
}

/** A server and the models that it answers from. */
export class RecallProcess {
  private constructor(
    readonly host: ModelHost,
    /** Absent where the server has one version. */
    private readonly canary: ModelHost | undefined,
    readonly server: RecallServer,
    /** Absent where no standing rules are kept. */
    readonly standing: StandingAdmin | undefined,
    private readonly http: HttpPort | undefined,
    private readonly logger: Logger,
  ) {}

  /**
   * Opens the ports and begins to load; calls are refused with UNAVAILABLE until there is a model.
   * @throws ListenError, SecretFileError
   */
  static async start(options: RecallProcessOptions): Promise<RecallProcess> {
    const { config, logger, env, standsAlone, loadsFirst = false, shareIndex, onServing, changes } = options;
    const { standing: rules, control } = options;
    // Models come and go; what users were shown stays.
    const shown = new ShownItems();
    let noteSwap: (outcome: SwapOutcome) => void = () => undefined;
    let noteLiveMerge: (event: LiveIndexEvent) => void = () => undefined;
    let noteLiveRecall: (event: LiveRecallEvent) => void = () => undefined;
    const served = readServedVersions(config);
    const hostOf = (version: string | undefined, onSwitch: (version: string) => void): ModelHost =>
      new ModelHost(config.artifacts, {
        pinned: version,
        service: {
          limits: { maxTopK: config.maxTopK, maxEfSearch: config.maxEfSearch },
          searchThreads: searchThreadsOf(config),
          strictIds: true,
          standing: rules,
          shown,
          shareIndex,
          liveRecall: liveRecallOf(config, (event) => {
            logLiveRecallEvent(logger, event);
            noteLiveRecall(event);
          }),
          live: changes && {
            source: changes,
            onEvent: (event) => {
              logLiveEvent(logger, event);
              noteLiveMerge(event);
            },
          },
        },
        loadTimeoutMs: config.loadTimeoutMs,
        onEvent: (event) => {
          logModelEvent(logger, event);
          if (event.type === 'refused') noteSwap('refused');
          if (event.type !== 'switched') return;
          noteSwap('ok');
          onSwitch(event.version);
        },
      });
    // Reloads and promotions concern the stable version.
    const host = hostOf(served.stable, (version) => onServing?.(version));
    const canary = served.canary && hostOf(served.canary.version, () => undefined);
    const hosts = canary === undefined ? [host] : [host, canary];
    const start = async (): Promise<void> => {
      await Promise.all(hosts.map((each) => each.start()));
    };
    if (loadsFirst) await start();
    const standing = rules && new StandingAdmin(rules, hosts);
    const versions = versionsOf(host, canary);
    const admin = standsAlone
      ? { ...versions, reload: (version?: string) => host.reload(version), standing }
      : undefined;
    const server = await RecallServer.start({
      config,
      models: canary === undefined ? host : new SplitModels(host, canary, served.canary?.buckets ?? 0),
      logger,
      env,
      admin,
      versionAdmin: config.console ? (control ?? versions) : undefined,
      standing: rules,
      metricsEndpoint: standsAlone,
    });
    noteSwap = (outcome) => {
      server.noteSwap(outcome);
    };
    noteLiveMerge = (event) => {
      server.noteLiveMerge(event);
    };
    noteLiveRecall = (event) => {
      server.noteLiveRecall(event);
    };
    const http = await openHttp(server, options);
    if (!loadsFirst) void start();
    return new RecallProcess(host, canary, server, standing, http, logger);
  }

  /** Loads what is promoted. Refusals were told as events; what else goes wrong is logged here. */
  async reload(): Promise<void> {
    try {
      await this.host.reload();
    } catch (error) {
      this.logger.warn({ err: error }, 'The reload did nothing.');
    }
  }

  /** @returns whether all calls in flight could finish */
  async stop(): Promise<boolean> {
    const finished = await this.server.drain();
    await this.http?.close();
    // Calls that were cut off hold leases that they will not give back.
    if (finished) await Promise.all([this.host.close(), this.canary?.close()]);
    if (this.host.hangs || this.canary?.hangs === true) {
      this.logger.error('Reading the artifacts hangs, and no signal but SIGKILL ends a process that waits for that.');
      process.kill(process.pid, 'SIGKILL');
    }
    return finished;
  }
}

function liveRecallOf(
  { liveRecallEvery: every }: ServerConfig,
  onEvent: (event: LiveRecallEvent) => void,
): ServiceOptions['liveRecall'] {
  return every === 0 ? undefined : { every, onEvent };
}

function versionsOf(host: ModelHost, canary: ModelHost | undefined): VersionAdmin {
  return {
    versions: async () => {
      const versions = await host.versions();
      return versions.map((each) => ({ ...each, serving: each.serving || each.version === canary?.version }));
    },
    promote: (version) => host.promote(version),
    rollBack: () => host.rollBack(),
  };
}

/** The port for HTTP and JSON, where one is asked for. */
async function openHttp(
  server: RecallServer,
  { config, logger, control }: Pick<RecallProcessOptions, 'config' | 'logger' | 'control'>,
): Promise<HttpPort | undefined> {
  const { host, httpPort: port } = config;
  if (port === 0) return undefined;
  try {
    const [guard] = server.calls;
    const metrics = (): Promise<string> => (control ?? server.registry).metrics();
    const http = await HttpPort.open({
      services: server.calls,
      console: config.console ? { guard, metrics } : undefined,
      config,
      host,
      port,
      logger,
    });
    logger.info({ http: http.port, console: config.console }, 'Listening for HTTP and JSON.');
    return http;
  } catch (error) {
    await server.drain();
    throw error;
  }
}

/** The processor's cores are shared among the workers, unless told otherwise. */
function searchThreadsOf({ searchThreads, workers }: ServerConfig): number {
  return searchThreads > 0 ? searchThreads : Math.max(1, Math.floor(availableParallelism() / workers));
}
