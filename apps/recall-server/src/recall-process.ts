import { availableParallelism } from 'node:os';
import type { ServerConfig } from '@vector-recall/core-config';
import { RecallServer, type SwapOutcome } from '@vector-recall/recall-grpc';
import { ModelHost } from '@vector-recall/recall-service';
import type { Logger } from 'pino';
import { logModelEvent } from './log';

export interface RecallProcessOptions {
  readonly config: ServerConfig;
  readonly logger: Logger;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the process has an admin port and a metrics port of its own. */
  readonly standsAlone: boolean;
  /** Whether the port is opened only after a first try to load a model. */
  readonly loadsFirst?: boolean;
  readonly onServing?: (version: string) => void;
}

/** A server and the models that it answers from. */
export class RecallProcess {
  private constructor(
    readonly host: ModelHost,
    readonly server: RecallServer,
    private readonly logger: Logger,
  ) {}

  /**
   * Opens the ports and begins to load; calls are refused with UNAVAILABLE until there is a model.
   * @throws ListenError, SecretFileError
   */
  static async start(options: RecallProcessOptions): Promise<RecallProcess> {
    const { config, logger, env, standsAlone, loadsFirst = false, onServing } = options;
    let noteSwap: (outcome: SwapOutcome) => void = () => undefined;
    const host = new ModelHost(config.artifacts, {
      service: {
        limits: { maxTopK: config.maxTopK, maxEfSearch: config.maxEfSearch },
        searchThreads: searchThreadsOf(config),
        strictIds: true,
      },
      onEvent: (event) => {
        logModelEvent(logger, event);
        if (event.type === 'refused') noteSwap('refused');
        if (event.type !== 'switched') return;
        noteSwap('ok');
        onServing?.(event.version);
      },
    });
    if (loadsFirst) await host.start();
    const admin = standsAlone ? host : undefined;
    const server = await RecallServer.start({ config, models: host, logger, env, admin, metricsEndpoint: standsAlone });
    noteSwap = (outcome) => {
      server.noteSwap(outcome);
    };
    if (!loadsFirst) void host.start();
    return new RecallProcess(host, server, logger);
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
    // Calls that were cut off hold leases that they will not give back.
    if (finished) await this.host.close();
    return finished;
  }
}

/** The processor's cores are shared among the workers, unless told otherwise. */
function searchThreadsOf({ searchThreads, workers }: ServerConfig): number {
  return searchThreads > 0 ? searchThreads : Math.max(1, Math.floor(availableParallelism() / workers));
}
