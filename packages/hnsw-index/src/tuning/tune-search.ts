import type { ConcurrentIndex } from '../concurrent-index';
import { IndexArgumentError } from '../errors';
import type { NeighbourSample, RecallOptions } from './neighbour-sample';

export interface TuneOptions {
  /** Above 0, below 1. */
  readonly targetRecall: number;
  /** Lengths of the lists that will be asked for; the target holds for each of them. */
  readonly cutoffs: readonly number[];
  /** Searches as `exactScores` of a query asks. Default false. */
  readonly exactScores?: boolean;
  readonly signal?: AbortSignal;
}

/** What a search has to spend to reach a recall. */
export interface SearchTuning {
  readonly targetRecall: number;
  /** The smallest that reaches the target, or where none does, the smallest that comes near to the best there is. */
  readonly efSearch: number;
  /** `"recall@K"` in [0, 1], on queries that had no part in the choice. */
  readonly recall: Readonly<Record<string, number>>;
  /** Whether `recall` is at the target or above it for every cutoff. */
  readonly isReached: boolean;
  /**
   * What keeps searches from the target, where it was not reached: `codes` that can't tell the nearest apart, however
   * many are compared, or a `graph` that does not lead to them.
   */
  readonly limitedBy?: 'codes' | 'graph';
}

export type SearchLimit = NonNullable<SearchTuning['limitedBy']>;

/** The choice is this near to the smallest value: a finer one would cost searches and save nothing that can be felt. */
const PRECISION = 0.02;

/** Beyond this, exact search is the better way to such a recall. */
const LARGEST_EF = 20_000;

/** Of the best recall there is, this much is given up for a search that is not the slowest, where none is good enough. */
const NEAR_BEST = 0.005;

/** Up to so many rows the engine compares all codes at the largest `efSearch`: what is not found then, no graph would find. */
const SCANNED_ROWS = 500_000;

/**
 * Finds the cheapest search that reaches a recall: the time of a search grows with `efSearch`, so it is the smallest.
 * It is chosen on one half of the sample, with a margin of one standard error, and confirmed on the other. The same
 * index and sample give the same choice, whatever else the machine does.
 *
 * @param sample of at least two queries, as deep as the longest cutoff
 * @throws IndexArgumentError, or what the index throws
 */
export async function tuneSearch(
  index: ConcurrentIndex,
  sample: NeighbourSample,
  { targetRecall, cutoffs, exactScores, signal }: TuneOptions,
): Promise<SearchTuning> {
  if (!(targetRecall > 0 && targetRecall < 1)) {
    throw new IndexArgumentError(
      'targetRecall',
      `targetRecall is ${targetRecall}, but it must be above 0 and below 1.`,
    );
  }
  if (cutoffs.length === 0) throw new IndexArgumentError('cutoffs', 'cutoffs is empty; tuning needs at least one.');
  const [chosenOn, confirmedOn] = sample.halves();
  // Short lists are searched fastest, and where they fall short the long ones need not be tried.
  const ascending = [...cutoffs].sort((a, b) => a - b);
  const reaches = async (efSearch: number, target: (k: number) => number): Promise<boolean> => {
    for (const k of ascending) {
      const { mean, standardError } = await chosenOn.recall(index, k, { efSearch, exactScores, signal });
      if (mean - standardError < target(k)) return false;
    }
    return true;
  };
  const largest = Math.min(index.size, LARGEST_EF);
  let efSearch = await smallest((ef) => reaches(ef, () => targetRecall), largest);
  if (efSearch === largest && !(await reaches(largest, () => targetRecall))) {
    const best = new Map<number, number>();
    for (const k of ascending) {
      const { mean, standardError } = await chosenOn.recall(index, k, { efSearch: largest, exactScores, signal });
      best.set(k, Math.min(targetRecall, mean - standardError - NEAR_BEST));
    }
    efSearch = await smallest((ef) => reaches(ef, (k) => best.get(k) ?? targetRecall), largest);
  }
  const recall = await recallAt(index, confirmedOn, cutoffs, { efSearch, exactScores, signal });
  const isReached = Object.values(recall).every((share) => share >= targetRecall);
  const tuning = { targetRecall, efSearch, recall, isReached };
  return isReached ? tuning : { ...tuning, limitedBy: limitOf(index, exactScores) };
}

function limitOf({ precision, size }: ConcurrentIndex, exactScores = false): SearchLimit {
  const comparesCodes = precision !== undefined && precision !== 'float32' && !exactScores;
  return comparesCodes && size <= SCANNED_ROWS ? 'codes' : 'graph';
}

/** @returns `"recall@K"` for each cutoff K */
export async function recallAt(
  index: ConcurrentIndex,
  sample: NeighbourSample,
  cutoffs: readonly number[],
  options: RecallOptions = {},
): Promise<Record<string, number>> {
  const recall: Record<string, number> = {};
  for (const k of cutoffs) recall[`recall@${k}`] = (await sample.recall(index, k, options)).mean;
  return recall;
}

/** The smallest value up to `largest` that passes, to within `PRECISION`, or `largest`; what passes, passes above too. */
async function smallest(passes: (value: number) => Promise<boolean>, largest: number): Promise<number> {
  let below = 0;
  let above = Math.min(16, largest);
  while (above < largest && !(await passes(above))) {
    below = above;
    above = Math.min(2 * above, largest);
  }
  while (above - below > Math.max(1, PRECISION * above)) {
    const middle = Math.floor((above + below) / 2);
    if (await passes(middle)) above = middle;
    else below = middle;
  }
  return above;
}
