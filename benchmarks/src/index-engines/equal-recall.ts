import type { Point } from './measurement';

/** What an engine reaches at a recall. */
export interface Rate {
  readonly together: number;
  readonly alone: number;
  readonly awaited?: number;
}

/**
 * Rates at a recall between two settings, in proportion on a logarithmic scale. Where even the narrowest setting finds
 * more, its own rates; undefined where none finds as much.
 */
export function rateAt(recall: number, points: readonly Point[]): Rate | undefined {
  const sorted = [...points].sort((a, b) => a.recall - b.recall);
  const above = sorted.findIndex((point) => point.recall >= recall);
  if (above < 0) return undefined;
  const high = sorted[above];
  if (above === 0) return { together: high.together, alone: high.alone, awaited: high.awaited };
  const low = sorted[above - 1];
  const share = (recall - low.recall) / (high.recall - low.recall);
  const between = (a: number, b: number): number => Math.exp(Math.log(a) + share * (Math.log(b) - Math.log(a)));
  return {
    together: between(low.together, high.together),
    alone: between(low.alone, high.alone),
    awaited: low.awaited === undefined || high.awaited === undefined ? undefined : between(low.awaited, high.awaited),
  };
}
