import { availableParallelism } from 'node:os';
import {
  ExactIndex,
  NeighbourSample,
  openSearchIndex,
  recallAt,
  tuneSearch,
  type ConcurrentIndex,
  type SearchLimit,
  type Space,
} from '@vector-recall/hnsw-index';
import { artifactFiles, openArtifact, readCatalogue, readNpy, type Artifact } from '@vector-recall/model-store';
import { RandomStream, sampleRows } from '@vector-recall/random';
import { readQueries, type VectorMatrix } from '../read-vectors';
import { measureSpeed, type SearchSpeed } from './measure-speed';
import { QueryPlan } from './query-plan';
import { writeResults } from './write-results';

/** Queries whose true neighbours are found too. */
const SAMPLE = 400;

export interface SearchRequest {
  /** A store, or the folder of one version: of vectors alone or of a trained model. */
  readonly index: string;
  /** A .npy file, `[n, dim]`. */
  readonly queries: string;
  readonly k: number;
  /** Finds the narrowest search that reaches this recall at `k` on the queries. */
  readonly targetRecall?: number;
  /** Breadth of the search; default: the one stored with the index. */
  readonly efSearch?: number;
  /** Ranks and scores by the float32 vectors. */
  readonly exactScores: boolean;
  /** A folder that ids and scores are written into. */
  readonly out?: string;
  /** Default: one for each processor. */
  readonly threads?: number;
  /** How long throughput is measured at least, in milliseconds. Default 1000. */
  readonly measureMs?: number;
  readonly seed: number;
}

export interface SearchReport extends SearchSpeed {
  readonly artifact: { readonly path: string; readonly version: string };
  readonly engine: string;
  /** The instruction set of the native engine. */
  readonly instructions?: string;
  readonly threads: number;
  readonly items: number;
  readonly dim: number;
  readonly space: Space;
  readonly queries: number;
  readonly k: number;
  /** The breadth that was used. */
  readonly efSearch: number;
  readonly targetRecall?: number;
  /** Whether `recall` is at the target; absent where there is none. */
  readonly isReached?: boolean;
  /** What keeps searches from the target where it is not reached. */
  readonly limitedBy?: SearchLimit;
  readonly exactScores: boolean;
  /** Mean share of the exact top `k` that was found, on a sample of the queries; where one was tuned to, on others. */
  readonly recall: number;
  /** How many queries `recall` is the mean of. */
  readonly recallQueries: number;
}

/**
 * Searches an index by vectors from a file, and tells how fast and how well.
 *
 * @throws ArtifactFileError, NoCurrentVersionError, OwnVectorsError, IndexFileError, IndexArgumentError
 */
export async function searchVectors(request: SearchRequest, signal?: AbortSignal): Promise<SearchReport> {
  const { k, exactScores, threads = availableParallelism(), measureMs = 1000 } = request;
  const artifact = await openArtifact(request.index);
  for (const file of [artifactFiles.index, artifactFiles.indexMeta]) artifact.path(file);
  const opened = await openSearchIndex(artifact.folder, { threads, isListed: artifact.has, exactScores });
  const { index, engine, instructions } = opened;
  try {
    const { size: items, dim, space } = index;
    const queries = await readQueries(request.queries, index);
    const found = await findRecall(index, artifact, queries, request, signal);
    const plan = new QueryPlan(queries, { k, efSearch: found.efSearch, exactScores });
    const speed = await measureSpeed(index, plan, measureMs, signal);
    if (request.out !== undefined) {
      const { itemIds } = await readCatalogue(artifact);
      await writeResults(request.out, index, plan, itemIds, signal);
    }
    const place = { path: artifact.folder, version: artifact.version };
    const facts = { artifact: place, engine, instructions, threads, items, dim, space };
    return { ...facts, queries: queries.rows, k, exactScores, ...found, ...speed };
  } finally {
    await index.close();
  }
}

type FoundRecall = Pick<
  SearchReport,
  'efSearch' | 'targetRecall' | 'isReached' | 'limitedBy' | 'recall' | 'recallQueries'
>;

/** The breadth of the search, and the recall that comes of it. */
async function findRecall(
  index: ConcurrentIndex,
  artifact: Artifact,
  queries: VectorMatrix,
  { k, targetRecall, efSearch = index.efSearch, exactScores, seed }: SearchRequest,
  signal: AbortSignal | undefined,
): Promise<FoundRecall> {
  const { dim, space, size } = index;
  const { values } = await readNpy(artifact.path(artifactFiles.itemVectors), 'float32');
  const drawn = sampleRows(queries.values, dim, SAMPLE, new RandomStream(seed, 'search'));
  const depth = Math.min(k, size);
  const sample = NeighbourSample.of(new ExactIndex(values, dim, space), drawn, depth);
  const name = `recall@${depth}`;
  if (targetRecall === undefined) {
    const recall = await recallAt(index, sample, [depth], { efSearch, exactScores, signal });
    return { efSearch, recall: recall[name], recallQueries: sample.size };
  }
  const tuned = await tuneSearch(index, sample, { targetRecall, cutoffs: [depth], exactScores, signal });
  const { isReached, limitedBy } = tuned;
  const recallQueries = Math.floor(sample.size / 2);
  return { efSearch: tuned.efSearch, targetRecall, isReached, limitedBy, recall: tuned.recall[name], recallQueries };
}
