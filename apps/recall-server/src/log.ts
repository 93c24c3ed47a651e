import type { ChangeStreamEvent } from '@vector-recall/change-stream';
import type { LiveIndexEvent, LiveStoreEvent } from '@vector-recall/live-index';
import type { LiveRecallEvent, ModelEvent } from '@vector-recall/recall-service';
import pino, { type Logger } from 'pino';

/** Lines of JSON on standard output, one an event. */
export function createLogger(level: string): Logger {
  return pino({ level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime });
}

/** Tells what happens to the models. */
export function logModelEvent(logger: Logger, event: ModelEvent): void {
  switch (event.type) {
    case 'waiting':
      logger.warn({ artifacts: event.root }, waitingMessage(event));
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
      const { version, serving, error, retryMs } = event;
      const line = { version, serving, code: 'code' in error ? error.code : undefined, retryMs };
      if (retryMs === undefined) logger.error(line, error.message);
      else logger.warn(line, `${error.message} It is tried again in ${retryMs} ms.`);
      break;
    }
    case 'retired':
      if (event.problem === undefined) logger.info({ version: event.version }, 'Closed a version after its last call.');
      else logger.error({ version: event.version, err: event.problem }, 'A version could not be closed.');
      break;
  }
}

function waitingMessage({ root, isMissing }: Extract<ModelEvent, { type: 'waiting' }>): string {
  if (!isMissing) return `No version is promoted in ${root} yet; the first one that is will be served at once.`;
  return (
    `The folder ${root} does not exist. Check --artifacts; if it is right, train into it: ` +
    'the first version that is promoted there will be served at once.'
  );
}

/** Tells what happens to the changes and to the index over them. */
export function logLiveEvent(logger: Logger, event: LiveStoreEvent | LiveIndexEvent): void {
  switch (event.type) {
    case 'torn': {
      const { file, bytes } = event;
      logger.warn({ file, bytes }, 'Cut off the rest of a write that was never acknowledged.');
      break;
    }
    case 'compacted': {
      const { bytesBefore, bytes, ms } = event;
      logger.info({ bytesBefore, bytes, ms: Math.round(ms) }, 'Compacted the log of changes.');
      break;
    }
    case 'merged': {
      const { kind, items, ms } = event;
      logger.info({ kind, items, ms: Math.round(ms) }, 'Merged changed items into the index.');
      break;
    }
    case 'problem':
      logger.error({ err: event.error }, 'A merge or compaction failed; it is tried again after the next change.');
      break;
  }
}

/** Tells what keeps searches from being checked. */
export function logLiveRecallEvent(logger: Logger, event: LiveRecallEvent): void {
  if (event.type === 'failed') logger.warn({ err: event.error }, 'A search could not be compared with every item.');
}

/** Tells what happens to the stream of changes. */
export function logStreamEvent(logger: Logger, stream: string, event: ChangeStreamEvent): void {
  switch (event.type) {
    case 'connected': {
      const { server, position, lag } = event;
      logger.info({ stream, server, position, lag }, 'Following the stream of changes.');
      break;
    }
    case 'disconnected': {
      const { error } = event;
      const line = { stream, code: codeOf(error), reason: error?.message };
      logger.warn(line, 'The stream of changes is lost, and changes are refused until it is followed again.');
      break;
    }
    case 'skipped':
      logger.warn({ stream, position: event.position }, 'Passed over a message of the stream that holds no changes.');
      break;
  }
}

function codeOf(error: Error | undefined): string | undefined {
  return error !== undefined && 'code' in error ? String(error.code) : undefined;
}
