import { inRounds, roundsCells, type Measurement } from './rounds';

const measured = (load: string, callsPerSecond: number, p50: number, failed = 0): Measurement => ({
  client: 'h2load',
  load,
  callsPerSecond,
  latencies: { calls: callsPerSecond, p50, p95: p50 * 2, p99: p50 * 10 },
  failed,
});

it('has the medians of all rounds, and all that was not answered', async () => {
  const rounds = [
    [measured('saturation', 9000, 3), measured('50.0 %', 4500, 0.5, 2)],
    [measured('saturation', 5000, 5), measured('50.0 %', 2500, 1.25)],
    [measured('saturation', 8000, 4), measured('50.0 %', 4000, 0.75, 1)],
  ];
  const rows = await inRounds(3, () => Promise.resolve(rounds.shift() ?? []));
  expect(rows.map(roundsCells)).toEqual([
    ['h2load', 'saturation', '8,000', '4.00 ms', '8.00 ms', '40.00 ms', '0', '3.00 5.00 4.00'],
    ['h2load', '50.0 %', '4,000', '0.75 ms', '1.50 ms', '7.50 ms', '3', '0.50 1.25 0.75'],
  ]);
});

it('lies between the middle two of an even number of rounds', async () => {
  const rounds = [[measured('25.0 %', 1000, 0.5)], [measured('25.0 %', 2000, 1)]];
  const [row] = await inRounds(2, () => Promise.resolve(rounds.shift() ?? []));
  expect(row).toMatchObject({ callsPerSecond: 1500, latencies: { p50: 0.75 } });
});
