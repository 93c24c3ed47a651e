import { FigureWindow } from './live-figures.ts';

const metrics = (calls: number, slow = 0): string => `
vector_recall_requests_total{method="Recall",code="OK"} ${calls}
vector_recall_stage_seconds_bucket{le="0.001",stage="total"} ${calls - slow}
vector_recall_stage_seconds_bucket{le="0.002",stage="total"} ${calls}
vector_recall_stage_seconds_bucket{le="+Inf",stage="total"} ${calls}
vector_recall_index_items 60
vector_recall_live_changed_items 4
vector_recall_in_flight_users 2
vector_recall_model_info{version="v1"} 1
`;

it('tells rates and quantiles of the last looks', () => {
  const figures = new FigureWindow();
  expect(figures.add(metrics(1000), 10)).toEqual({
    callsPerSecond: 0,
    p50: undefined,
    p99: undefined,
    items: 60,
    changedItems: 4,
    inFlight: 2,
    versions: ['v1'],
  });
  const { callsPerSecond, p50, p99 } = figures.add(metrics(1100, 50), 12);
  expect(callsPerSecond).toBe(50);
  // Of 100 calls, 50 took at most a millisecond and 50 up to two.
  expect(p50).toBeCloseTo(0.001, 12);
  expect(p99).toBeCloseTo(0.00198, 12);
});

it('forgets what is older than the window', () => {
  const figures = new FigureWindow();
  for (let look = 0; look < 6; look++) figures.add(metrics(look * 100), look);
  expect(figures.add(metrics(500), 6).callsPerSecond).toBe(80);
});

it('begins anew with a server that has', () => {
  const figures = new FigureWindow();
  figures.add(metrics(1000), 0);
  expect(figures.add(metrics(10), 1).callsPerSecond).toBe(0);
  expect(figures.add(metrics(30), 2).callsPerSecond).toBe(20);
});
