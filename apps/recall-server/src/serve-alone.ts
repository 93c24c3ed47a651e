import type { ProcessOptions } from './process-options';
import { RecallProcess } from './recall-process';
import { stopSignal } from './stop-signal';

/**
 * Serves from one process until a signal stops it.
 *
 * @returns the exit code: 0, or 1 where calls in flight had to be cut off
 * @throws ListenError, SecretFileError
 */
export async function serveAlone({ config, logger, env }: ProcessOptions): Promise<number> {
  const recall = await RecallProcess.start({ config, logger, env, standsAlone: true });
  logger.info(recall.server.ports, 'Listening.');
  process.on('SIGHUP', () => void recall.reload());
  const signal = await stopSignal();
  logger.info({ signal }, 'Stopping: no new calls, those in flight may finish.');
  const finished = await recall.stop();
  if (finished) logger.info('Stopped after the last call.');
  else logger.error('Stopped at --drain-timeout with calls still in flight.');
  return finished ? 0 : 1;
}
