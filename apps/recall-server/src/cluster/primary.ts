import { ControlServer } from '@vector-recall/recall-grpc';
import { ModelHost } from '@vector-recall/recall-service';
import type { Logger } from 'pino';
import { AggregatorRegistry } from 'prom-client';
import type { ProcessOptions } from '../process-options';
import { stopSignal } from '../stop-signal';
import { WorkerPool } from './worker-pool';

/**
 * Runs the workers, and the ports that there is one of: the admin service, and the metrics of all workers together.
 *
 * @returns the exit code
 * @throws WorkerError with the reason why workers can't start, ListenError, SecretFileError
 */
export async function runPrimary({ config, logger, env }: ProcessOptions): Promise<number> {
  const pool = new WorkerPool(config.workers, {
    onDeath: ({ pid, how, retryMs }) => {
      logger.error({ worker: pid, retryMs }, `A worker has died and will be replaced: ${how}`);
    },
  });
  // Never started: it only tells what is in the store.
  const store = new ModelHost(config.artifacts);
  const aggregate = new AggregatorRegistry();
  let control: ControlServer | undefined;
  try {
    const port = await pool.start();
    control = await ControlServer.start({
      config,
      logger,
      env,
      admin: {
        versions: async () => {
          const serving = pool.versions;
          return (await store.versions()).map((each) => ({ ...each, serving: serving.has(each.version) }));
        },
        reload: (version) => pool.reload(version),
      },
      registry: { contentType: aggregate.contentType, metrics: () => aggregate.clusterMetrics() },
      isReady: () => pool.ready,
    });
    logger.info({ ...control.ports, recall: port, workers: config.workers }, 'Listening.');
  } catch (error) {
    await pool.stop();
    throw error;
  }
  process.on('SIGHUP', () => void reload(pool, logger));
  const signal = await stopSignal();
  logger.info({ signal }, 'Stopping: no new calls, those in flight may finish.');
  const finished = await pool.stop();
  await control.close();
  return finished ? 0 : 1;
}

/** Refusals are in the logs of the workers. */
async function reload(pool: WorkerPool, logger: Logger): Promise<void> {
  try {
    await pool.reload();
  } catch (error) {
    logger.warn({ err: error }, 'The reload did not reach every worker.');
  }
}
