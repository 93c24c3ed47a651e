import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelConfig } from '@vector-recall/core-config';
import { HnswIndex, type Space } from '@vector-recall/hnsw-index';
import { AttributeSchema, AttributeTable, writeAttributes } from '@vector-recall/item-catalogue';
import {
  artifactFiles,
  IdTable,
  ModelStore,
  writeCatalogue,
  writeNpy,
  type Catalogue,
} from '@vector-recall/model-store';
import { RandomStream } from '@vector-recall/random';
import { type ItemItemWeights, selectBackend, TwoTowerModel } from '@vector-recall/towers';
import { towerInputs } from '../artifact/tower-inputs';
import { userBatch } from '../encoding/user-batch';

const USERS = 12;
const ITEMS = 60;

export const smallConfig: ModelConfig = {
  embeddingDim: 8,
  itemItemDim: 0,
  idDim: 6,
  itemIdStart: 'random',
  categoryDim: 3,
  tagDim: 3,
  featureDim: 4,
  historyDim: 5,
  trunk: 'layers',
  hiddenDims: [10],
  dropout: 0,
  historyEncoder: 'mean',
  historyLength: 4,
  historyBlocks: 1,
  historyHeads: 2,
  historyDropout: 0,
  halfLives: [1, 4],
};

/** 12 users with integer ids from 100, 60 items with ids `i0` to `i59`; user 100 has a history longer than is read. */
export function smallCatalogue(): Catalogue {
  const random = new RandomStream(4, 'small world');
  const histories = Array.from({ length: USERS }, (_, user) => {
    // The squared draw makes items of low rows the popular ones.
    const length = user === 0 ? 9 : 3;
    return new Set(Array.from({ length }, () => Math.floor(random.uniform() ** 2 * ITEMS)));
  });
  const offsets = new Int32Array(USERS + 1);
  histories.forEach(({ size }, user) => (offsets[user + 1] = offsets[user] + size));
  return {
    userIds: new IdTable(
      'userIds',
      Array.from({ length: USERS }, (_, row) => 100 + row),
      'integer',
    ),
    itemIds: new IdTable(
      'itemIds',
      Array.from({ length: ITEMS }, (_, row) => `i${row}`),
      'string',
    ),
    names: Array.from({ length: ITEMS }, (_, row) => (row === 1 ? '' : `Item ${row}`)),
    itemFields: [
      {
        kind: 'category',
        name: 'colour',
        labels: ['red', 'blue'],
        count: 2,
        values: Int32Array.from({ length: ITEMS }, (_, row) => (row % 3) - 1),
      },
      {
        kind: 'tags',
        name: 'age',
        labels: ['old', 'new'],
        count: 2,
        offsets: Int32Array.from({ length: ITEMS + 1 }, (_, row) => Math.floor(row / 2)),
        values: Int32Array.from({ length: ITEMS / 2 }, (_, place) => place % 2),
      },
    ],
    context: [{ name: 'device', labels: ['phone', 'desktop'], count: 2 }],
    userFields: [
      {
        kind: 'numbers',
        name: 'features',
        names: ['age', 'visits'],
        width: 2,
        values: Float32Array.from({ length: USERS * 2 }, () => random.normal()),
        standardisation: { mean: [40, 5], scale: [10, 2] },
      },
      {
        kind: 'category',
        name: 'country',
        labels: ['PT', 'PE'],
        count: 2,
        values: Int32Array.from({ length: USERS }, (_, row) => (row % 3) - 1),
      },
    ],
    history: { offsets, items: Int32Array.from(histories.flatMap((items) => [...items])) },
  };
}

/** The same, with a type for each event of the histories, but every fifth. */
export function typedCatalogue(): Catalogue {
  const catalogue = smallCatalogue();
  const types = catalogue.history.items.map((_, at) => (at % 5 === 4 ? -1 : at % 2));
  return { ...catalogue, eventTypes: ['view', 'purchase'], history: { ...catalogue.history, types } };
}

/** Every third item is of each of three brands, and item `i` costs `i`. */
export function smallAttributes(items: number): AttributeTable {
  const schema = new AttributeSchema([
    { name: 'brand', kind: 'labels' },
    { name: 'price', kind: 'number' },
  ]);
  const records = Array.from({ length: items }, (_, row) => ({ brand: ['a', 'b', 'c'][row % 3], price: row }));
  return AttributeTable.fromRecords(schema, records);
}

export interface SmallArtifact {
  readonly root: string;
  readonly version: string;
  readonly catalogue: Catalogue;
  readonly model: TwoTowerModel;
  /** `[items, dim]` */
  readonly itemVectors: Float32Array;
  /** `[users, dim]` */
  readonly userVectors: Float32Array;
}

export interface SmallWorldOptions {
  readonly catalogue?: Catalogue;
  readonly config?: Partial<ModelConfig>;
  /** Called before the artifact is published, to spoil it. */
  readonly harm?: (folder: string) => Promise<unknown>;
}

/** Publishes an artifact of an untrained model into a store: what it recommends is arbitrary, and always the same. */
export async function publishSmallWorld(root: string, options: SmallWorldOptions = {}): Promise<SmallArtifact> {
  const { catalogue = smallCatalogue(), harm } = options;
  await selectBackend('auto');
  const config = { ...smallConfig, ...options.config };
  const model = new TwoTowerModel(config, towerInputs(catalogue), new RandomStream(5, 'weights'));
  perturb(model);
  if (config.itemItemDim > 0) model.itemItem = arbitraryItemItem(model);
  const itemVectors = model.encodeItems(Int32Array.from({ length: catalogue.itemIds.size }, (_, row) => row));

  const store = new ModelStore(root);
  const staged = await store.stage();
  const path = (file: string): string => join(staged.folder, file);
  await model.save(staged.folder);
  const everyone = Array.from({ length: catalogue.userIds.size }, (_, userRow) => ({ userRow }));
  const userVectors = model.encodeUsers(userBatch(everyone, catalogue, config.historyLength));
  const { dim } = model;
  await writeNpy(path(artifactFiles.userVectors), userVectors, [everyone.length, dim]);
  await writeNpy(path(artifactFiles.itemVectors), itemVectors, [catalogue.itemIds.size, dim]);
  await writeCatalogue(staged.folder, catalogue);
  await writeAttributes(staged.folder, smallAttributes(catalogue.itemIds.size));
  const hnsw = { m: 8, efConstruction: 80, efSearch: 60 };
  await (await HnswIndex.build(itemVectors, dim, { config: hnsw, seed: 1 })).save(staged.folder);
  await writeFile(path(artifactFiles.metrics), '{}');
  await harm?.(staged.folder);
  const { version } = await store.publish(staged, {
    dims: { embedding: dim },
    counts: { users: everyone.length, items: catalogue.itemIds.size, interactions: catalogue.history.items.length },
    config: {},
    metrics: {},
  });
  return { root, version, catalogue, model, itemVectors, userVectors };
}

/** An artifact of vectors alone, as they come from a model that is not ours. */
export interface VectorArtifact extends Pick<SmallArtifact, 'root' | 'version' | 'itemVectors'> {
  readonly dim: number;
}

/** Publishes 60 vectors of 8 dimensions with the ids `i0` to `i59`, and no users. */
export async function publishSmallVectors(root: string, space: Space = 'cosine'): Promise<VectorArtifact> {
  const dim = 8;
  const random = new RandomStream(7, 'vectors');
  const itemVectors = Float32Array.from({ length: ITEMS * dim }, () => random.normal());
  const store = new ModelStore(root);
  const staged = await store.stage();
  const history = { offsets: Int32Array.of(0), items: new Int32Array(0) };
  const { itemIds } = smallCatalogue();
  await writeCatalogue(staged.folder, { userIds: new IdTable('userIds', [], 'integer'), itemIds, history });
  await writeNpy(join(staged.folder, artifactFiles.itemVectors), itemVectors, [ITEMS, dim]);
  const config = { m: 8, efConstruction: 80, efSearch: 60 };
  await (await HnswIndex.build(itemVectors, dim, { config, space, seed: 1 })).save(staged.folder);
  const counts = { users: 0, items: ITEMS, interactions: 0 };
  const { version } = await store.publish(staged, { dims: { embedding: dim }, counts, config: {}, metrics: {} });
  return { root, version, itemVectors, dim };
}

/** Fresh tables are tiny and fresh biases zero, so that fresh vectors lie close together or vanish; trained ones don't. */
function perturb(model: TwoTowerModel): void {
  const random = new RandomStream(6, 'perturbation');
  for (const { kind, trainable, values } of model.parameters.values()) {
    const scale = kind === 'table' ? 1 : 0.2;
    if (trainable) values.forEach((value, i) => (values[i] = value + random.normal() * scale));
  }
}

/** An item-item term that nothing was fitted to; rows of items are of length one at most. */
function arbitraryItemItem({ config, inputs }: TwoTowerModel): ItemItemWeights {
  const random = new RandomStream(7, 'item-item');
  const rank = config.itemItemDim - 1;
  const table = (rows: number, most: number): Float32Array =>
    Float32Array.from({ length: rows * rank }, () => (2 * random.uniform() - 1) * most);
  const { count } = inputs.items;
  const longest = 1 / Math.sqrt(rank);
  return {
    rank,
    users: table(count, 1),
    weight: 0.5,
    items: table(count, longest),
    unknown: table(config.embeddingDim, 1),
  };
}
