import type { RuntimeConfig } from '@vector-recall/core-config';

/** The metric that decides whether a model is promoted. */
export const GATE_METRIC = 'hitRate@100';

/** Whether a published version was made the current one, and why. */
export interface PromotionReport {
  /** `--promote`. */
  readonly policy: RuntimeConfig['promote'];
  readonly promoted: boolean;
  /** The end of a sentence that begins with "because". */
  readonly reason: string;
  /** HitRate@100 on the validation events, by scorer; with `auto` where the store has a current version. */
  readonly validation?: Readonly<Record<string, number>>;
  /** The paired comparison on the test events; with `if-better` where the store has a current version. */
  readonly comparison?: VersionComparison;
}

/** Two versions on the same held-out events. Shares of hits in [0, 1]. */
export interface VersionComparison {
  readonly version: string;
  readonly metric: typeof GATE_METRIC;
  readonly candidate: number;
  readonly current: number;
  /** `candidate - current`, with the 95 % interval of a paired bootstrap over users. */
  readonly difference: number;
  readonly interval: readonly [low: number, high: number];
}

/** One sentence on a version that was published but not promoted, with the command that promotes it. */
export function notPromotedSentence(version: string, root: string, { reason }: PromotionReport): string {
  const output = /^[\w./-]+$/.test(root) ? root : `'${root.replaceAll("'", String.raw`'\''`)}'`;
  return (
    `Version ${version} was published but not promoted because ${reason}; ` +
    `to promote it anyway, run: vector-recall models promote ${version} --output ${output}`
  );
}
