/** One training of a trial. */
export interface Job {
  /** Counted from 0; trial 0 is the config as it was given. */
  readonly trial: number;
  /** Epochs that it is trained for, with a learning rate that is scheduled over them. */
  readonly epochs: number;
}

export interface JobResult extends Job {
  /** The best validation HitRate@100 of the training; 0 where it diverged. */
  readonly score: number;
}

/** Of the trials of a rung one in so many is trained for longer (Li et al. 2020, section 3.1). */
const REDUCTION = 3;

/** The lengths of training, shortest first: the whole, and ever a third of it, down to one epoch. */
export function rungsOf(epochs: number): readonly number[] {
  const rungs = [epochs];
  while (rungs[0] > 1) rungs.unshift(Math.max(1, Math.floor(rungs[0] / REDUCTION)));
  return rungs;
}

/**
 * What to train next (asynchronous successive halving, Li et al. 2020, algorithm 2, with one worker): the best trial that
 * has earned a longer training, the longest first, or else a new one at the shortest. It depends on the results alone, so
 * that a search can be continued from them.
 */
export function nextJob(results: readonly JobResult[], epochs: number): Job {
  const rungs = rungsOf(epochs);
  for (let rung = rungs.length - 2; rung >= 0; rung--) {
    const promoted = new Set(at(results, rungs[rung + 1]).map(({ trial }) => trial));
    const ranked = ranking(at(results, rungs[rung]));
    const earned = ranked.slice(0, Math.floor(ranked.length / REDUCTION));
    const next = earned.find(({ trial }) => !promoted.has(trial));
    if (next !== undefined) return { trial: next.trial, epochs: rungs[rung + 1] };
  }
  return { trial: at(results, rungs[0]).length, epochs: rungs[0] };
}

/** The best of those that were trained the longest; `undefined` without results. */
export function bestOf(results: readonly JobResult[]): JobResult | undefined {
  const longest = Math.max(...results.map(({ epochs }) => epochs));
  return ranking(at(results, longest))[0];
}

function at(results: readonly JobResult[], epochs: number): readonly JobResult[] {
  return results.filter((result) => result.epochs === epochs);
}

/** Best first; of equals the earlier. */
function ranking(results: readonly JobResult[]): readonly JobResult[] {
  return [...results].sort((a, b) => b.score - a.score || a.trial - b.trial);
}
