import { setImmediate } from 'node:timers/promises';
import { EncodeQueue } from './encode-queue';

/** Gives [n, -n] for the number n, and notes what is encoded together. */
function numberQueue(): { queue: EncodeQueue<number>; batches: number[][] } {
  const batches: number[][] = [];
  const encode = (numbers: readonly number[]): Float32Array => {
    batches.push([...numbers]);
    if (numbers.includes(13)) throw new Error('unlucky');
    return Float32Array.from(numbers.flatMap((number) => [number, -number]));
  };
  return { queue: new EncodeQueue(encode, 2), batches };
}

it('encodes together what the same turn brings, and gives each call its own', async () => {
  const { queue, batches } = numberQueue();
  const calls = [queue.encode([1]), queue.encode([2, 3]), Promise.resolve().then(() => queue.encode([4]))];
  expect(await Promise.all(calls)).toEqual([
    [Float32Array.of(1, -1)],
    [Float32Array.of(2, -2), Float32Array.of(3, -3)],
    [Float32Array.of(4, -4)],
  ]);
  expect(batches).toEqual([[1, 2, 3, 4]]);
  await queue.encode([5]);
  expect(batches).toEqual([[1, 2, 3, 4], [5]]);
  expect(await queue.encode([])).toEqual([]);
});

it('lets the event loop turn between large batches', async () => {
  const { queue, batches } = numberQueue();
  const large = queue.encode(Array.from({ length: 70 }, (_, i) => i + 100));
  await setImmediate();
  expect(batches.map(({ length }) => length)).toEqual([32]);
  const vectors = await large;
  expect(batches.map(({ length }) => length)).toEqual([32, 32, 6]);
  expect(vectors.map(([first]) => first)).toEqual(Array.from({ length: 70 }, (_, i) => i + 100));
});

it('drops what nobody waits for any more', async () => {
  const { queue, batches } = numberQueue();
  const controller = new AbortController();
  const dropped = queue.encode([1, 2], controller.signal);
  const kept = queue.encode([3]);
  const reason = new Error('the caller has left');
  controller.abort(reason);
  await expect(dropped).rejects.toBe(reason);
  await kept;
  expect(batches).toEqual([[3]]);
});

it('fails the request at fault alone, not what came at the same time', async () => {
  const { queue } = numberQueue();
  const [before, wrong, after] = await Promise.allSettled([
    queue.encode([1]),
    queue.encode([13]),
    queue.encode([2, 3]),
  ]);
  expect(before).toEqual({ status: 'fulfilled', value: [Float32Array.of(1, -1)] });
  expect(wrong).toMatchObject({ status: 'rejected', reason: { message: 'unlucky' } });
  expect(after).toEqual({ status: 'fulfilled', value: [Float32Array.of(2, -2), Float32Array.of(3, -3)] });
});

it('says what went wrong, and goes on', async () => {
  const { queue } = numberQueue();
  await expect(queue.encode([13])).rejects.toThrow('unlucky');
  expect(await queue.encode([1])).toEqual([Float32Array.of(1, -1)]);
});
