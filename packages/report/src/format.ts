const counts = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Whole numbers with thousands separators: `12,345`. */
export function formatCount(value: number): string {
  return counts.format(value);
}

/** Four decimals for shares and losses; what isn't a number is a dash. */
export function formatFigure(value: number | undefined, digits = 4): string {
  return value === undefined || !Number.isFinite(value) ? '–' : value.toFixed(digits);
}

/** Bytes in binary units with one decimal: `51.2 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power] ?? 'B'}`;
}

/** A duration in the unit that a person would use: `850 ms`, `12.3 s`, `4 min 05 s`, `1 h 02 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 99.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const padded = (value: number) => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${padded(whole % 60)} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${padded(minutes % 60)} min`;
}

/** Milliseconds with enough digits for a latency: `0.84`, `12.3`. */
export function formatMs(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1);
}

/** Learning rates: three significant digits, `0.001`, `5.25e-5`. */
export function formatRate(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3
    ? value.toExponential(2).replace(/\.?0+e/, 'e')
    : String(Number(value.toPrecision(3)));
}

/** Text out of the data without control characters, which could rewrite a terminal; line breaks become spaces. */
export function printable(text: string): string {
  return text.replaceAll(/[\s\p{Zl}\p{Zp}]+/gu, ' ').replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '');
}
