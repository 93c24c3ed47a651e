import { setImmediate } from 'node:timers/promises';
import { RunTracking } from './run-tracking';
import type { TrackedEnd, Tracker } from './tracker';

const result: TrackedEnd = { status: 'finished', step: 2, params: {}, tags: {}, metrics: {} };

/** Keeps what it hears; fails at one of the calls. */
function listener(heard: string[], failsAt?: string): Tracker {
  const hear = async (call: string): Promise<void> => {
    await setImmediate();
    if (call === failsAt) throw new Error(`No ${call}.`);
    heard.push(call);
  };
  return {
    name: 'Listener',
    start: () => hear('start'),
    logStep: (step) => hear(`step ${step}`),
    logEpoch: (step) => hear(`epoch ${step}`),
    end: () => hear('end'),
  };
}

function run(tracking: RunTracking): Promise<void> {
  tracking.start({ name: 'run', tags: {} });
  tracking.logStep(1, {});
  tracking.logStep(2, {});
  tracking.logEpoch(2, {});
  return tracking.end(result);
}

describe('RunTracking', () => {
  it('passes figures on in order, and waits for the last', async () => {
    const heard: string[] = [];
    await run(new RunTracking([listener(heard)], fail));
    expect(heard).toEqual(['start', 'step 1', 'step 2', 'epoch 2', 'end']);
  });

  it('drops a tracker that fails with one warning, and keeps the others', async () => {
    const [broken, whole, warnings]: [string[], string[], string[]] = [[], [], []];
    const trackers = [listener(broken, 'step 2'), listener(whole)];
    await run(new RunTracking(trackers, (message) => warnings.push(message)));
    expect(broken).toEqual(['start', 'step 1']);
    expect(whole).toHaveLength(5);
    expect(warnings).toEqual([
      'Listener no longer gets the figures of this run: No step 2. The training is not affected.',
    ]);
  });
});

function fail(message: string): void {
  throw new Error(message);
}
