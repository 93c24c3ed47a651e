import type { DataConfig } from '@vector-recall/core-config';
import type { Dataset, LoadOptions } from './dataset';
import { DatasetError } from './errors';

/**
 * Reads or generates the dataset that `config.source` names.
 * @throws DatasetError when it can't be read as it stands
 */
export function loadDataset(config: DataConfig, options: LoadOptions): Promise<Dataset> {
  options.onProgress?.({ stage: config.source, rows: 0 });
  return Promise.reject(new DatasetError('DATASET_LAYOUT_UNKNOWN', `${config.source} has no reader.`));
}
