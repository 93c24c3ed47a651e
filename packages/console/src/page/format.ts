const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

export function formatCount(value: number): string {
  return whole.format(value);
}

export function formatRate(value: number): string {
  return value >= 100 ? whole.format(value) : short.format(value);
}

/** @param ms `undefined` where nothing was measured */
export function formatMs(ms: number | undefined): string {
  return ms === undefined ? '–' : `${short.format(ms)} ms`;
}

export function formatScore(score: number): string {
  return score.toFixed(3);
}
