import { LatencyLimit } from './latency-limit';

/** Calls that take so long each, one every 5 ms, from a time on; others are refused. @returns when the last one ended */
function pass(limit: LatencyLimit, from: number, callMs: readonly number[], isFull = false): number {
  callMs.forEach((ms, i) => {
    const endedAt = from + i * 5;
    if (isFull) limit.meet();
    limit.note(endedAt - ms, endedAt);
  });
  return from + callMs.length * 5;
}

const calls = (count: number, ms: number): number[] => Array.from({ length: count }, () => ms);

describe('the users that are worked on at once', () => {
  it('are as many as there may be at most while calls are in time', () => {
    const limit = new LatencyLimit({ maxUsers: 256, targetMs: 15 });
    expect(limit.users).toBe(256);
    pass(limit, 1000, calls(200, 15));
    expect(limit.users).toBe(256);
  });

  it('become fewer while most calls are late and others are refused, down to what keeps the threads at work, and then more again', () => {
    const limit = new LatencyLimit({ maxUsers: 256, targetMs: 15 });
    let now = pass(limit, 1000, calls(22, 16), true);
    // The first call ends a window of its own, the twenty-second the one after it.
    expect(limit.users).toBe(64);
    now = pass(limit, now, calls(200, 16), true);
    expect(limit.users).toBe(16);
    now = pass(limit, now, calls(44, 3));
    expect(limit.users).toBeGreaterThan(16);
    pass(limit, now, calls(1000, 3));
    expect(limit.users).toBe(256);
  });

  it('stay as many when a pause makes a few calls late', () => {
    const limit = new LatencyLimit({ maxUsers: 256, targetMs: 15 });
    pass(limit, 1000, [...calls(24, 3), ...calls(8, 50), ...calls(40, 3)]);
    expect(limit.users).toBe(256);
  });

  it('stay as many while calls are late and none is refused: it is not the others that they wait for', () => {
    const limit = new LatencyLimit({ maxUsers: 256, targetMs: 15 });
    pass(limit, 1000, calls(100, 50));
    expect(limit.users).toBe(256);
  });

  it('do not depend on the time of calls without a target', () => {
    const limit = new LatencyLimit({ maxUsers: 256, targetMs: 0 });
    pass(limit, 1000, calls(100, 5000), true);
    expect(limit.users).toBe(256);
  });

  it('are never more than there may be', () => {
    const limit = new LatencyLimit({ maxUsers: 3, targetMs: 15 });
    pass(limit, 1000, calls(100, 5000), true);
    expect(limit.users).toBe(3);
  });
});
