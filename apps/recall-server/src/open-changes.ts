import { parseStreamAddress, StreamedChanges, type StreamAddress } from '@vector-recall/change-stream';
import { ConfigError, type ServerConfig } from '@vector-recall/core-config';
import { LiveFolderError, LiveStore, type ChangeSource } from '@vector-recall/live-index';
import type { Logger } from 'pino';
import { CountedChanges, createLogErrors, type LogErrors } from './counted-changes';
import { logLiveEvent, logStreamEvent } from './log';

/** The changes of this process, which alone writes their folder. */
export interface OpenedChanges {
  readonly source: ChangeSource;
  /** Absent where the log is the source. */
  readonly stream?: StreamedChanges;
  readonly errors: LogErrors;
  close(): Promise<void>;
}

/**
 * Opens the changes of a server. With a stream, resolves when all that it held is taken up, or no broker answers.
 * @returns `undefined` for a server that takes no changes
 * @throws ConfigError, LiveFolderError, LiveLogError, ChangeStreamError
 */
export async function openChanges(
  { live: folder, changes }: Pick<ServerConfig, 'live' | 'changes'>,
  logger: Logger,
): Promise<OpenedChanges | undefined> {
  const address = changes === '' ? undefined : parseStreamAddress(changes);
  if (folder === '') {
    if (address === undefined) return undefined;
    throw new ConfigError('server.changes', '--changes needs --live DIR, the folder that keeps how far it has come.');
  }
  const errors = createLogErrors();
  const store = await LiveStore.open(folder, {
    onEvent: (event) => {
      logLiveEvent(logger, event);
      if (event.type === 'problem') errors.inc({ operation: 'compact' });
    },
  });
  try {
    const opened = address === undefined ? alone(store, folder) : await follow(store, address, logger);
    logger.info({ folder, changes: store.state.seq, items: store.state.itemCount }, 'Opened the log of changes.');
    return { ...opened, source: new CountedChanges(opened.source, errors), errors };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** @throws LiveFolderError where changes made here would never reach the others */
function alone(store: LiveStore, folder: string): Omit<OpenedChanges, 'errors'> {
  const { offset } = store.state;
  if (offset !== undefined) {
    const problem = `${folder} follows the stream ${offset.stream}`;
    throw new LiveFolderError(folder, `${problem}; start the server with --changes, or give it another folder.`);
  }
  return { source: store, close: () => store.close() };
}

/** @throws ChangeStreamError */
async function follow(
  store: LiveStore,
  address: StreamAddress,
  logger: Logger,
): Promise<Omit<OpenedChanges, 'errors'>> {
  const stream = await StreamedChanges.open(store, address, {
    onEvent: (event) => {
      logStreamEvent(logger, address.stream, event);
    },
  });
  return {
    source: stream,
    stream,
    close: async () => {
      await stream.close();
      await store.close();
    },
  };
}
