import type { StandingStore } from '@vector-recall/recall-service';
import { openChanges, type OpenedChanges } from './open-changes';
import { openStanding } from './open-standing';
import type { ProcessOptions } from './process-options';
import { RecallProcess } from './recall-process';
import { stopSignal } from './stop-signal';
import { addChangeMetrics } from './change-metrics';

/**
 * Serves from one process until a signal stops it.
 *
 * @returns the exit code: 0, or 1 where calls in flight had to be cut off
 * @throws ListenError, SecretFileError, LiveFolderError, LiveLogError, ChangeStreamError, StandingFileError
 */
export async function serveAlone({ config, logger, env }: ProcessOptions): Promise<number> {
  const standing = await openStanding(config.standing);
  const changes = await openChanges(config, logger);
  try {
    return await serve({ config, logger, env }, changes, standing);
  } finally {
    await changes?.close();
  }
}

async function serve(
  { config, logger, env }: ProcessOptions,
  opened: OpenedChanges | undefined,
  standing: StandingStore | undefined,
): Promise<number> {
  const changes = opened?.source;
  const recall = await RecallProcess.start({ config, logger, env, standsAlone: true, changes, standing });
  addChangeMetrics(recall.server.registry, opened);
  logger.info(recall.server.ports, 'Listening.');
  process.on('SIGHUP', () => void recall.reload());
  const signal = await stopSignal();
  logger.info({ signal }, 'Stopping: no new calls, those in flight may finish.');
  const finished = await recall.stop();
  if (finished) logger.info('Stopped after the last call.');
  else logger.error('Stopped at --drain-timeout with calls still in flight.');
  return finished ? 0 : 1;
}
