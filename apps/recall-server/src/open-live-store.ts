import { LiveStore } from '@vector-recall/live-index';
import type { Logger } from 'pino';
import { logLiveEvent } from './log';

/**
 * Opens the changes of a folder for this process alone.
 * @param folder empty for a server that takes no changes
 * @throws LiveFolderError, LiveLogError
 */
export async function openLiveStore(folder: string, logger: Logger): Promise<LiveStore | undefined> {
  if (folder === '') return undefined;
  const store = await LiveStore.open(folder, {
    onEvent: (event) => {
      logLiveEvent(logger, event);
    },
  });
  logger.info({ folder, changes: store.state.seq, items: store.state.itemCount }, 'Opened the log of changes.');
  return store;
}
