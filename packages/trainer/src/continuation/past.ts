import type { Dataset } from '@vector-recall/datasets';
import { readAttributes } from '@vector-recall/item-catalogue';
import { ModelStore, readCatalogue } from '@vector-recall/model-store';
import { CURRENT } from './continuation-base';
import { followHistories } from './follow-histories';

/** A published version whose histories and catalogue are the past of new data. */
export interface Past {
  readonly version: string;
  /** The histories followed by the events of the new data, as one dataset. */
  readonly precede: (dataset: Dataset) => Dataset;
}

/**
 * Opens the version that `--history-from` names.
 * @throws NoCurrentVersionError, UnknownVersionError, ArtifactFileError as the store does
 */
export async function openPast(root: string, historyFrom: string): Promise<Past> {
  const artifact = await new ModelStore(root).open(historyFrom === CURRENT ? undefined : historyFrom);
  const catalogue = await readCatalogue(artifact);
  const { version } = artifact;
  const attributes = await readAttributes(artifact, catalogue.itemIds.size);
  return { version, precede: (dataset) => followHistories({ ...catalogue, attributes }, version, dataset) };
}
