import { ms, whole, type Latencies } from './statistics';

/** What one load has measured in one round. */
export interface Measurement {
  readonly client: string;
  readonly load: string;
  readonly callsPerSecond: number;
  readonly latencies: Latencies;
  readonly failed: number;
}

/** The same load in every round: medians of its figures, and the sum of what was not answered. */
export interface RoundsRow extends Measurement {
  /** Milliseconds, in the order of the rounds. */
  readonly p50s: readonly number[];
}

/**
 * Measures everything once in each round: the pace of a machine changes within minutes, and loads that are shares of what
 * the server can do have to be shares of what it could do just before.
 *
 * @param round measures the same loads in the same order each time
 */
export async function inRounds(rounds: number, round: () => Promise<Measurement[]>): Promise<RoundsRow[]> {
  const all: Measurement[][] = [];
  for (let i = 0; i < rounds; i++) all.push(await round());
  return all[0].map((_, place) => rowOf(all.map((measurements) => measurements[place])));
}

function rowOf(measurements: readonly Measurement[]): RoundsRow {
  const figure = (of: (measurement: Measurement) => number): number => median(measurements.map(of));
  const [{ client, load }] = measurements;
  return {
    client,
    load,
    callsPerSecond: figure(({ callsPerSecond }) => callsPerSecond),
    latencies: {
      calls: figure(({ latencies }) => latencies.calls),
      p50: figure(({ latencies }) => latencies.p50),
      p95: figure(({ latencies }) => latencies.p95),
      p99: figure(({ latencies }) => latencies.p99),
    },
    failed: measurements.reduce((sum, { failed }) => sum + failed, 0),
    p50s: measurements.map(({ latencies }) => latencies.p50),
  };
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

export const roundsHead = ['client', 'load', 'calls/s', 'p50', 'p95', 'p99', 'not answered', 'p50 of each round'];

export const roundsCells = ({ client, load, callsPerSecond, latencies, failed, p50s }: RoundsRow): string[] => [
  client,
  load,
  whole(callsPerSecond),
  ms(latencies.p50),
  ms(latencies.p95),
  ms(latencies.p99),
  whole(failed),
  p50s.map((p50) => p50.toFixed(2)).join(' '),
];
