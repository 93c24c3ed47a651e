import { setTimeout as pause } from 'node:timers/promises';
import type { CallOutcome } from './recall-calls';

/** A call that has ended, and when it was due. */
export interface TimedOutcome extends CallOutcome {
  /** `performance.now()` when it was due to begin. */
  readonly at: number;
}

export interface LoadOptions {
  readonly seconds: number;
  /** Ends the load early. */
  readonly signal?: AbortSignal;
}

/** Each of so many callers calls again as soon as it has its answer: finds out what the server can do at most. */
export async function closedLoad(
  call: () => Promise<CallOutcome>,
  callers: number,
  { seconds, signal }: LoadOptions,
): Promise<TimedOutcome[]> {
  const outcomes: TimedOutcome[] = [];
  const end = performance.now() + seconds * 1000;
  const caller = async (): Promise<void> => {
    while (performance.now() < end && signal?.aborted !== true) {
      const at = performance.now();
      outcomes.push({ ...(await call()), at });
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return outcomes;
}

/**
 * Calls at a fixed rate whatever the answers do, as many users who know nothing of one another would. A call's time
 * runs from when it was due, so that a server or client that falls behind can't hide it (coordinated omission).
 */
export async function openLoad(
  call: (since: number) => Promise<CallOutcome>,
  callsPerSecond: number,
  { seconds, signal }: LoadOptions,
): Promise<TimedOutcome[]> {
  const outcomes: TimedOutcome[] = [];
  const running = new Set<Promise<void>>();
  const start = performance.now();
  const due = (index: number): number => start + (index * 1000) / callsPerSecond;
  const total = Math.round(callsPerSecond * seconds);
  for (let begun = 0; begun < total && signal?.aborted !== true;) {
    while (begun < total && due(begun) <= performance.now()) {
      const at = due(begun++);
      const ended = call(at).then((outcome) => {
        outcomes.push({ ...outcome, at });
        running.delete(ended);
      });
      running.add(ended);
    }
    // Asleep in between: a generator that spins would take a core away from the server beside it.
    await pause(Math.max(1, due(begun) - performance.now()));
  }
  await Promise.all(running);
  return outcomes;
}

/** How many calls ended with each code but OK. */
export function failuresOf(outcomes: readonly CallOutcome[]): number {
  return outcomes.filter(({ code }) => code !== 0).length;
}
