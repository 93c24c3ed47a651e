import type { HnswConfig } from '@vector-recall/core-config';
import {
  ExactIndex,
  NeighbourSample,
  recallAt,
  SearchIndex,
  tuneSearch,
  type KeepFloat32,
  type Precision,
  type SearchLimit,
  type Space,
} from '@vector-recall/hnsw-index';
import type { Attribute } from '@vector-recall/item-catalogue';
import { RandomStream, sampleRows } from '@vector-recall/random';
import { observed, type BuildObserver } from '../observer';
import { readIds, rowNumbers } from '../read-ids';
import { readItemAttributes, type ItemAttributes } from '../read-item-attributes';
import { readQueries, readVectors, type VectorMatrix } from '../read-vectors';
import { publishVectors, type PublishedVectors } from './publish-vectors';

/** Queries that choose the breadth of searches and tell their recall, half of them each. */
const SAMPLE = 400;

/** Shorter lists that are measured beside the one that is asked for. */
const SHORT_LISTS = [10, 100];

export interface BuildRequest {
  /** A .npy file, `[items, dim]`. */
  readonly vectors: string;
  /** Integers in a .npy file, or text, one id a line. Default: the numbers of the rows. */
  readonly ids?: string;
  /** JSON lines of `{"id": …, attribute: value}`, which filters select items by. Default: items have no attributes. */
  readonly attributes?: string;
  /** A .npy file of vectors as they will be asked, `[n, dim]`, to tune on. Default: some of the items' own. */
  readonly queries?: string;
  /** Root of the store that the artifact is published into. */
  readonly out: string;
  readonly space: Space;
  readonly hnsw: Pick<HnswConfig, 'm' | 'efConstruction' | 'efSearch' | 'targetRecall'>;
  /** The longest list that will be asked for; searches are tuned to it. */
  readonly topK: number;
  /** Whether the serving file keeps float32: for exact scores, or (`auto`) where codes can't tell neighbours apart. */
  readonly float32: KeepFloat32;
  readonly seed: number;
}

export interface BuildOptions {
  readonly observer?: BuildObserver;
  readonly signal?: AbortSignal;
}

/** What was built, and how well it finds. */
export interface VectorIndexReport {
  readonly engine: string;
  readonly items: number;
  readonly dim: number;
  readonly space: Space;
  readonly m: number;
  readonly efConstruction: number;
  readonly efSearch: number;
  /** What `efSearch` was tuned to reach; absent where it was given. */
  readonly targetRecall?: number;
  /** Whether `recall` is at the target; absent where there was none. */
  readonly isReached?: boolean;
  /** What keeps searches from the target where it is not reached. */
  readonly limitedBy?: SearchLimit;
  readonly buildSeconds: number;
  /** Memory of the index in bytes. */
  readonly bytes: number;
  readonly bytesPerVector: number;
  readonly float32: 'kept' | 'dropped';
  /** What searches compare rows by, as it was measured when the index was built. */
  readonly precision: Precision;
  /** What filters can select items by, and how many lines were of items without a vector; absent where none were given. */
  readonly attributes?: { readonly kinds: readonly Attribute[]; readonly unknownItems: number };
  /** `"recall@K"`: mean share of the exact top K that searches return, on queries that had no part in the choice. */
  readonly recall: Readonly<Record<string, number>>;
}

export interface BuiltArtifact {
  readonly artifact: PublishedVectors;
  readonly index: VectorIndexReport;
}

/**
 * Indexes vectors of any model, tunes the searches and publishes an artifact that serving opens like any other.
 *
 * @throws ArtifactFileError, OwnVectorsError, CatalogueError, IndexArgumentError, or the reason of `options.signal`;
 * then nothing was published
 */
export async function buildVectorIndex(request: BuildRequest, options: BuildOptions = {}): Promise<BuiltArtifact> {
  const { observer, signal } = options;
  const { items, ids, queries, attributes } = await observed(
    observer,
    'data',
    () => readInput(request),
    (input) => `${input.items.rows.toLocaleString('en')} vectors of ${input.items.dim} dimensions`,
  );
  signal?.throwIfAborted();
  const startedAt = performance.now();
  const index = await observed(observer, 'index', () => build(items, request, options));
  const buildSeconds = (performance.now() - startedAt) / 1000;
  try {
    const assessed = await assess(index, items, queries, request, signal);
    const report = { ...describe(assessed, buildSeconds), ...describeAttributes(attributes) };
    const artifact = await observed(
      observer,
      'publish',
      () => publishVectors(request.out, { items, ids, attributes: attributes?.table, index: assessed.index, report }),
      ({ path }) => path,
    );
    return { artifact, index: report };
  } finally {
    await index.close();
  }
}

async function readInput({ vectors, ids: idFile, attributes, queries, space }: BuildRequest) {
  const items = await readVectors(vectors, space);
  const ids = idFile === undefined ? rowNumbers(items.rows) : await readIds(idFile, items.rows);
  return {
    items,
    ids,
    attributes: attributes === undefined ? undefined : await readItemAttributes(attributes, ids),
    queries: queries === undefined ? items : await readQueries(queries, { dim: items.dim, space }),
  };
}

function describeAttributes(attributes: ItemAttributes | undefined): Pick<VectorIndexReport, 'attributes'> {
  if (attributes === undefined) return {};
  const { table, unknownItems } = attributes;
  return { attributes: { kinds: table.schema.attributes, unknownItems } };
}

async function build(
  { values, dim }: VectorMatrix,
  { space, hnsw, seed, float32 }: BuildRequest,
  { observer, signal }: BuildOptions,
): Promise<SearchIndex> {
  const onProgress = (done: number, total: number): void => {
    observer?.notify({ type: 'stage-progress', stage: 'index', done, total, unit: 'vectors' });
  };
  return SearchIndex.build(values, dim, { config: hnsw, space, seed, float32, onProgress, signal });
}

interface Assessed {
  readonly index: SearchIndex;
  readonly recall: Readonly<Record<string, number>>;
  readonly limitedBy?: SearchLimit;
}

/** Chooses the breadth of searches unless it is given. @returns the index as it is to be searched, with its recall */
async function assess(
  index: SearchIndex,
  items: VectorMatrix,
  queries: VectorMatrix,
  { hnsw, topK, seed }: BuildRequest,
  signal: AbortSignal | undefined,
): Promise<Assessed> {
  const { dim, space, size } = index;
  const longest = Math.min(topK, size);
  const cutoffs = [...SHORT_LISTS.filter((k) => k < longest), longest];
  const drawn = sampleRows(queries.values, dim, SAMPLE, new RandomStream(seed, 'index'));
  const sample = NeighbourSample.of(new ExactIndex(items.values, dim, space), drawn, longest);
  if (hnsw.efSearch !== 0 || sample.size < 2)
    return { index, recall: await recallAt(index, sample, cutoffs, { signal }) };
  const tuned = await tuneSearch(index, sample, { targetRecall: hnsw.targetRecall, cutoffs, signal });
  return { index: index.withTuning(tuned), recall: tuned.recall, limitedBy: tuned.limitedBy };
}

function describe({ index, recall, limitedBy }: Assessed, buildSeconds: number): VectorIndexReport {
  const { engine, size, dim, space, config, efSearch, tuning, memoryBytes } = index;
  return {
    engine,
    items: size,
    dim,
    space,
    m: config.m,
    efConstruction: config.efConstruction,
    efSearch,
    ...(tuning === undefined ? {} : { targetRecall: tuning.targetRecall, isReached: tuning.isReached }),
    ...(limitedBy === undefined ? {} : { limitedBy }),
    buildSeconds,
    bytes: memoryBytes,
    bytesPerVector: memoryBytes / size,
    float32: index.float32,
    precision: index.precision,
    recall,
  };
}
