import { readFile } from 'node:fs/promises';
import { type Artifact, artifactFiles, type Catalogue, ModelStore, readCatalogue } from '@vector-recall/model-store';
import type { Dataset } from '@vector-recall/datasets';
import { TwoTowerModel } from '@vector-recall/towers';
import { z } from 'zod';
import { NoModelError, TrainingDataError } from '../errors';
import { catalogueOf, towerInputs } from './tower-inputs';

/** A published model with what its towers read. */
export interface StoredModel {
  readonly store: ModelStore;
  readonly artifact: Artifact;
  readonly catalogue: Catalogue;
  readonly model: TwoTowerModel;
}

/**
 * @param version the current one by default
 * @throws NoModelError where the artifact holds vectors alone
 */
export async function openStoredModel(root: string, version: string | undefined): Promise<StoredModel> {
  const store = new ModelStore(root);
  const artifact = await store.open(version);
  checkHasModel(artifact);
  const catalogue = await readCatalogue(artifact);
  const model = await TwoTowerModel.load(artifact.folder, towerInputs(catalogue));
  return { store, artifact, catalogue, model };
}

/** @throws NoModelError where an artifact holds vectors alone */
export function checkHasModel(artifact: Artifact): void {
  if (!artifact.has(artifactFiles.towers)) throw new NoModelError(artifact.version);
}

/**
 * Makes sure that the rows of a dataset, and the types of its events, are those that a model was trained on.
 * @throws TrainingDataError when they are not
 */
export function checkSameRows(dataset: Dataset, { artifact, catalogue }: StoredModel): void {
  const pairs = [
    ['users', dataset.users.vocabulary, catalogue.userIds],
    ['items', dataset.items.vocabulary, catalogue.itemIds],
  ] as const;
  for (const [name, loaded, stored] of pairs) {
    let same = loaded.size === stored.size;
    for (let row = 0; same && row < loaded.size; row++) same = loaded.idAt(row) === stored.idAt(row);
    if (same) continue;
    throw new TrainingDataError(
      `${dataset.name} does not have the ${name} that ${artifact.version} was trained on; ` +
        'give the data of its training, or train on this data.',
    );
  }
  const { eventTypes } = catalogueOf(dataset);
  if (eventTypes?.join() === catalogue.eventTypes?.join()) return;
  const listOf = (names: readonly string[] = []): string => names.join(', ') || 'none';
  throw new TrainingDataError(
    `The histories of ${artifact.version} tell the types of events ${listOf(catalogue.eventTypes)}, those of ` +
      `${dataset.name} ${listOf(eventTypes)}; give the data of its training, or train on this data.`,
  );
}

/** A dataset whose histories tell the types of their events where those that a model was trained on do. */
export function withStoredTypes(dataset: Dataset, { catalogue }: Pick<StoredModel, 'catalogue'>): Dataset {
  const { interactions } = dataset;
  if (interactions.types === undefined) return dataset;
  const types = { ...interactions.types, inHistories: catalogue.eventTypes !== undefined };
  return { ...dataset, interactions: { ...interactions, types } };
}

const metricsSchema = z.object({
  training: z.object({ refit: z.unknown().optional(), itemItemShare: z.number().optional() }).optional(),
});

/** What the metrics of a published model tell of its training; nothing where there are none. */
async function trainingOf(artifact: Artifact): Promise<z.output<typeof metricsSchema>['training']> {
  if (!artifact.has(artifactFiles.metrics)) return undefined;
  return metricsSchema.parse(JSON.parse(await readFile(artifact.path(artifactFiles.metrics), 'utf8'))).training;
}

/** Whether a published model was fitted again with the validation events; false where its metrics do not tell. */
export async function wasRefitted(artifact: Artifact): Promise<boolean> {
  return (await trainingOf(artifact))?.refit !== undefined;
}

/** How far the item-item term of a published model spreads scores beside the towers; `undefined` where it has none. */
export async function itemItemShareOf(artifact: Artifact): Promise<number | undefined> {
  return (await trainingOf(artifact))?.itemItemShare;
}
