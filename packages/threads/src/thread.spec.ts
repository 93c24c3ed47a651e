import { join } from 'node:path';
import { ThreadEndedError } from './errors';
import { OddNumberError } from './testing/thrown-error';
import { Thread } from './thread';

const halving = join(__dirname, 'testing', 'halving-thread');
const start = (): Thread<Float64Array, Float64Array> => new Thread(halving, [OddNumberError]);

describe('a thread', () => {
  const thread = start();
  afterAll(() => thread.end());

  it('answers each call with what belongs to it', async () => {
    const calls = [[2], [4, 8], [10]].map((values) => thread.call(Float64Array.from(values)));
    expect((await Promise.all(calls)).map((values) => [...values])).toEqual([[1], [2, 4], [5]]);
  });

  it('takes over the buffers that it is handed', async () => {
    const values = Float64Array.of(6);
    expect([...(await thread.call(values, [values.buffer]))]).toEqual([3]);
    expect(values).toHaveLength(0);
  });

  it('throws what the module throws, of its class and with its fields and cause, and answers on', async () => {
    const error: unknown = await thread.call(Float64Array.of(2, 7)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OddNumberError);
    expect(error).toMatchObject({ name: 'OddNumberError', code: 'ODD_NUMBER', value: 7, message: '7 is odd.' });
    expect((error as Error).stack).toContain('halving-thread');
    expect((error as Error).cause).toMatchObject({ name: 'RangeError', message: 'not even' });
    expect([...(await thread.call(Float64Array.of(2)))]).toEqual([1]);
  });
});

it('fails the calls under way, and later ones, when it ends by itself', async () => {
  const thread = start();
  const first = thread.call(Float64Array.of(-1));
  const second = thread.call(Float64Array.of(2));
  await expect(first).rejects.toBeInstanceOf(ThreadEndedError);
  await expect(second).rejects.toMatchObject({
    code: 'THREAD_ENDED',
    message: `The thread of ${halving} ended before it had answered; call again.`,
  });
  await expect(thread.call(Float64Array.of(2))).rejects.toBeInstanceOf(ThreadEndedError);
});

it('says what broke it', async () => {
  const thread = start();
  await expect(thread.call(Float64Array.of(-2))).rejects.toMatchObject({
    code: 'THREAD_ENDED',
    cause: { message: 'broken' },
  });
});

it('fails the calls under way when it is ended', async () => {
  const thread = start();
  const call = thread.call(Float64Array.of(2));
  await Promise.all([expect(call).rejects.toBeInstanceOf(ThreadEndedError), thread.end()]);
});
