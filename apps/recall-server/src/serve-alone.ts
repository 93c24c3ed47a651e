import type { LiveStore } from '@vector-recall/live-index';
import type { StandingStore } from '@vector-recall/recall-service';
import { openLiveStore } from './open-live-store';
import { openStanding } from './open-standing';
import type { ProcessOptions } from './process-options';
import { RecallProcess } from './recall-process';
import { stopSignal } from './stop-signal';

/**
 * Serves from one process until a signal stops it.
 *
 * @returns the exit code: 0, or 1 where calls in flight had to be cut off
 * @throws ListenError, SecretFileError, LiveFolderError, LiveLogError, StandingFileError
 */
export async function serveAlone({ config, logger, env }: ProcessOptions): Promise<number> {
  const standing = await openStanding(config.standing);
  const store = await openLiveStore(config.live, logger);
  try {
    return await serve({ config, logger, env }, store, standing);
  } finally {
    await store?.close();
  }
}

async function serve(
  { config, logger, env }: ProcessOptions,
  changes: LiveStore | undefined,
  standing: StandingStore | undefined,
): Promise<number> {
  const recall = await RecallProcess.start({ config, logger, env, standsAlone: true, changes, standing });
  logger.info(recall.server.ports, 'Listening.');
  process.on('SIGHUP', () => void recall.reload());
  const signal = await stopSignal();
  logger.info({ signal }, 'Stopping: no new calls, those in flight may finish.');
  const finished = await recall.stop();
  if (finished) logger.info('Stopped after the last call.');
  else logger.error('Stopped at --drain-timeout with calls still in flight.');
  return finished ? 0 : 1;
}
