import { ControlServer, type VersionAdmin } from '@vector-recall/recall-grpc';
import { ModelHost, Promoter, SharedIndexes } from '@vector-recall/recall-service';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { openChanges } from '../open-changes';
import { openStanding } from '../open-standing';
import type { ProcessOptions } from '../process-options';
import { readServedVersions } from '../served-versions';
import { stopSignal } from '../stop-signal';
import { addChangeMetrics } from '../change-metrics';
import { answerControl } from './control-questions';
import { SharedChanges } from './shared-changes';
import { SharedStanding } from './shared-standing';
import { WorkerPool } from './worker-pool';

/**
 * Runs the workers, and the ports that there is one of: the admin service, and the metrics of all workers together.
 *
 * @returns the exit code
 * @throws WorkerError with the reason why workers can't start, ListenError, SecretFileError, LiveFolderError, LiveLogError, ChangeStreamError
 */
export async function runPrimary({ config, logger, env }: ProcessOptions): Promise<number> {
  const indexes = new SharedIndexes((error) => {
    logger.warn({ err: error }, 'The index could not be shared, so each worker holds a copy of its own.');
  });
  const rules = await openStanding(config.standing);
  const live = await openChanges(config, logger);
  const changes: SharedChanges | undefined = live && new SharedChanges(live.source, (entries) => pool.apply(entries));
  const pool: WorkerPool = new WorkerPool({
    write: changes && ((entries) => changes.write(entries)),
    share: (file) => indexes.share(file),
    size: config.workers,
    drainTimeoutMs: config.drainTimeoutMs,
    control: (question) => answerControl(question, versions, metrics),
    onDeath: ({ pid, how, retryMs }) => {
      logger.error({ worker: pid, retryMs }, `A worker has died and will be replaced: ${how}`);
    },
  });
  // Never started: it only tells what is in the store.
  const store = new ModelHost(config.artifacts);
  const own = new Registry();
  addChangeMetrics(own, live);
  const metrics = async (): Promise<string> => `${await pool.metrics()}${await own.metrics()}`;
  const promoter = Promoter.at(config.artifacts, (version) => pool.reload(version));
  const versions: VersionAdmin = {
    versions: async () => {
      const serving = new Set([...pool.versions, readServedVersions(config).canary?.version]);
      return (await store.versions()).map((each) => ({ ...each, serving: serving.has(each.version) }));
    },
    promote: (version) => promoter.promote(version),
    rollBack: () => promoter.rollBack(),
  };
  let control: ControlServer | undefined;
  try {
    const port = await pool.start();
    control = await ControlServer.start({
      config,
      logger,
      env,
      admin: {
        ...versions,
        reload: (version) => pool.reload(version),
        standing: rules && new SharedStanding(rules, pool),
      },
      registry: { contentType: Registry.PROMETHEUS_CONTENT_TYPE, metrics },
      whyNotReady: () => pool.whyNotReady,
    });
    logger.info({ ...control.ports, recall: port, workers: config.workers }, 'Listening.');
  } catch (error) {
    await pool.stop();
    await live?.close();
    throw error;
  }
  process.on('SIGHUP', () => void reload(pool, logger));
  const signal = await stopSignal();
  logger.info({ signal }, 'Stopping: no new calls, those in flight may finish.');
  const finished = await pool.stop();
  await control.close();
  await live?.close();
  if (indexes.hangs) {
    logger.error('Reading the index hangs, and no signal but SIGKILL ends a process that waits for that.');
    process.kill(process.pid, 'SIGKILL');
  }
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
