import { InFlight } from './in-flight';

/** Whether a promise has resolved by the next turn of the event loop. */
async function hasResolved(promise: Promise<void>): Promise<boolean> {
  let done = false;
  void promise.then(() => (done = true));
  await new Promise(setImmediate);
  return done;
}

it('is idle at once where nothing is under way', async () => {
  const calls = new InFlight();
  expect([await hasResolved(calls.idle()), calls.count, calls.isClosed]).toEqual([true, 0, false]);
});

it('waits for the last of what is under way', async () => {
  const calls = new InFlight();
  calls.begin(3);
  const idle = [calls.idle(), calls.close()];
  calls.end(2);
  expect([calls.count, calls.isClosed, await hasResolved(idle[0])]).toEqual([1, true, false]);
  calls.end();
  expect(await Promise.all(idle.map(hasResolved))).toEqual([true, true]);
});

it('waits on where the end of one thing begins another', async () => {
  const calls = new InFlight();
  calls.begin();
  const next = calls.idle().then(() => {
    calls.begin();
  });
  const closed = next.then(() => calls.close());
  calls.end();
  await next;
  expect(await hasResolved(closed)).toBe(false);
  calls.end();
  expect(await hasResolved(closed)).toBe(true);
});
