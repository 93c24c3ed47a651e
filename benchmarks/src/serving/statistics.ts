/** What a stretch of load has measured. */
export interface Latencies {
  readonly calls: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** @param milliseconds of each call, in any order */
export function latenciesOf(milliseconds: readonly number[]): Latencies {
  const sorted = Float64Array.from(milliseconds).sort();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  return { calls: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

export const ms = (value: number): string => (Number.isNaN(value) ? '–' : `${value.toFixed(2)} ms`);
export const whole = (value: number): string => Math.round(value).toLocaleString('en');
export const mib = (bytes: number): string => `${whole(bytes / 2 ** 20)} MiB`;
export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
