/** About as long as one search takes: what else has come waits no longer for its turn. */
const TURN_MS = 2;

/**
 * Maps values one after the other, and lets the event loop do what else has come whenever they have taken a while.
 *
 * @param map may throw, which ends it
 */
export async function mapYielding<Value, Result>(
  values: readonly Value[],
  map: (value: Value, index: number) => Result,
): Promise<Result[]> {
  const results: Result[] = [];
  let turnEnd = performance.now() + TURN_MS;
  for (const [index, value] of values.entries()) {
    results.push(map(value, index));
    if (performance.now() < turnEnd) continue;
    await new Promise(setImmediate);
    turnEnd = performance.now() + TURN_MS;
  }
  return results;
}
