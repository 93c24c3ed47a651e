import type { DataConfig } from '@vector-recall/core-config';
import type { Dataset, InteractionLog, LoadOptions } from './dataset';
import { DatasetError } from './errors';
import { shuffleOrder } from './log/shuffle-order';
import { readFiles } from './readers/files/read-files';
import { readMovieLens } from './readers/movielens/read-movielens';
import { readRecBole } from './readers/recbole/read-recbole';
import { keepActiveUsers } from './synthetic/keep-active-users';
import { createWorld } from './synthetic/world';

/**
 * Reads or generates the dataset that `config.source` names. Folders are relative to the working directory.
 * @throws DatasetError when it can't be read as it stands
 */
export async function loadDataset(config: DataConfig, options: LoadOptions): Promise<Dataset> {
  const dataset = await readSource(config, options);
  const { order } = dataset.interactions;
  const log = order === 'none' ? shuffleOrder(dataset.interactions, options.seed) : dataset.interactions;
  return { ...dataset, interactions: config.historyTypes ? withHistoryTypes(log) : log };
}

/** The same log, whose histories tell the types of their events where it has types. */
function withHistoryTypes(log: InteractionLog): InteractionLog {
  return log.types === undefined ? log : { ...log, types: { ...log.types, inHistories: true } };
}

async function readSource(config: DataConfig, options: LoadOptions): Promise<Dataset> {
  const { minUserInteractions } = config;
  const reading = { minUserInteractions, onProgress: options.onProgress };
  const [kind, folder] = cutAt(config.source, ':');
  switch (kind) {
    case 'synthetic':
      return keepActiveUsers(createWorld(config, options), minUserInteractions);
    case 'movielens':
      return readMovieLens(folder, reading);
    case 'recbole':
      return readRecBole(folder, reading);
    case 'files':
      return readFiles(folder, reading);
    default:
      throw new DatasetError(
        'DATASET_LAYOUT_UNKNOWN',
        `There is no source ${config.source}; use synthetic, movielens:DIR, recbole:DIR or files:DIR.`,
      );
  }
}

/** The text before and after the first separator; folders may hold further ones. */
function cutAt(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
