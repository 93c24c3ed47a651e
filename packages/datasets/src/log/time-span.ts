/** The first and the last time of a log, in seconds since 1970; `undefined` for an empty one. */
export function timeSpan(timestamps: Float64Array): { readonly first: number; readonly last: number } | undefined {
  if (timestamps.length === 0) return undefined;
  let first = Infinity;
  let last = -Infinity;
  for (const time of timestamps) {
    if (time < first) first = time;
    if (time > last) last = time;
  }
  return { first, last };
}

/** No log of this kind begins before; in a wrong unit, or where a missing time became 0, it seems to. */
const PLAUSIBLE = Date.UTC(1980, 0) / 1000;

/** Times below are more likely the numbers of steps, which are in order too. */
const MAX_STEP = 1_000_000;

/** What a person should know about the times of a log, in one sentence each. */
export function notesOnTimes(timestamps: Float64Array): string[] {
  const span = timeSpan(timestamps);
  if (span === undefined || span.first >= PLAUSIBLE || span.last < MAX_STEP) return [];
  const early = timestamps.reduce((count, time) => count + Number(time < PLAUSIBLE), 0);
  const which = early === timestamps.length ? 'All interactions' : `${early} of ${timestamps.length} interactions`;
  return [
    `${which} are dated before 1980, the log spans ${dateOf(span.first)} to ${dateOf(span.last)}; ` +
      'check that all times are there and in the unit that is stated.',
  ];
}

/** The day of a time, `2026-05-17`. */
export function dateOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}
