import type { ModelEvent } from '@vector-recall/recall-service';
import pino, { type Logger } from 'pino';

/** Lines of JSON on standard output, one an event. */
export function createLogger(level: string): Logger {
  return pino({ level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime });
}

/** Tells what happens to the models. */
export function logModelEvent(logger: Logger, event: ModelEvent): void {
  switch (event.type) {
    case 'waiting':
      logger.warn(
        { artifacts: event.root },
        `No version is promoted in ${event.root} yet; the first one that is will be served at once.`,
      );
      break;
    case 'loading':
      logger.info({ version: event.version }, 'Loading a version.');
      break;
    case 'switched': {
      const { version, previousVersion, loadMs } = event;
      logger.info({ version, previousVersion, loadMs: Math.round(loadMs) }, 'Serving a version.');
      break;
    }
    case 'refused': {
      const { version, serving, error } = event;
      logger.error({ version, serving, code: 'code' in error ? error.code : undefined }, error.message);
      break;
    }
    case 'retired':
      if (event.problem === undefined) logger.info({ version: event.version }, 'Closed a version after its last call.');
      else logger.error({ version: event.version, err: event.problem }, 'A version could not be closed.');
      break;
  }
}
