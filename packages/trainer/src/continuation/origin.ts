import type { ModelConfig } from '@vector-recall/core-config';
import type { Dataset } from '@vector-recall/datasets';
import type { TwoTowerModel } from '@vector-recall/towers';
import { ContinuationError } from '../errors';
import { itemItemShareOf, openStoredModel, type StoredModel, wasRefitted } from '../pipeline/stored-model';
import { catalogueOf } from '../pipeline/tower-inputs';
import { alignFields } from './align-fields';
import { alignTypes } from './align-types';
import { CURRENT } from './continuation-base';
import { refuseShapeChanges } from './refuse-shape-changes';
import { startNewItems } from './start-new-items';
import { TableRows } from './table-rows';
import { takeOver } from './take-over';

/** A published model that a training continues. */
export interface Origin {
  readonly version: string;
  /** Whether it was fitted again with its validation events. */
  readonly refitted: boolean;
  /** How far its item-item term spreads scores beside the towers; absent where it has none. */
  readonly itemItemShare?: number;
  /** The dataset as the stored model reads it; what was set aside is in its notes. */
  readonly align: (dataset: Dataset) => Dataset;
  /** Gives a new model on the aligned dataset the weights of the stored one. */
  readonly start: (model: TwoTowerModel, dataset: Dataset) => void;
}

/**
 * Opens the version that `--from` names.
 *
 * @throws ContinuationError where the options of the run would change the shape of the model
 * @throws UnknownVersionError, NoModelError, ArtifactFileError as the store does
 */
export async function openOrigin(root: string, from: string, config: ModelConfig): Promise<Origin> {
  const stored = await openStoredModel(root, from === CURRENT ? undefined : from);
  refuseShapeChanges(stored.model, config);
  const { version } = stored.artifact;
  return {
    version,
    refitted: await wasRefitted(stored.artifact),
    itemItemShare: await itemItemShareOf(stored.artifact),
    align: (dataset) => align(stored, dataset),
    start: (model, dataset) => {
      const catalogue = catalogueOf(dataset);
      const rows = new TableRows(stored.catalogue, catalogue);
      takeOver(stored.model.parameters, model.parameters, rows);
      const idTable = model.parameters.get('item.id.table');
      if (idTable !== undefined) startNewItems(idTable, rows.items, catalogue);
    },
  };
}

function align({ catalogue, artifact }: StoredModel, dataset: Dataset): Dataset {
  const { users, items } = dataset;
  const rows = new TableRows(catalogue, catalogueOf(dataset));
  if (rows.items.every((row) => row < 0)) {
    throw new ContinuationError(
      `${dataset.name} has none of the items of ${artifact.version}; leave --from out to train a new model.`,
    );
  }
  const ofUsers = alignFields(catalogue.userFields ?? [], users.fields, users.vocabulary.size, 'user');
  const ofItems = alignFields(catalogue.itemFields ?? [], items.fields, items.vocabulary.size, 'item');
  const ofEvents = alignTypes(catalogue.eventTypes, dataset.interactions);
  return {
    ...dataset,
    users: { ...users, fields: ofUsers.fields },
    items: { ...items, fields: ofItems.fields },
    interactions: ofEvents.interactions,
    notes: [...dataset.notes, ...ofUsers.notes, ...ofItems.notes, ...ofEvents.notes],
  };
}
