import { EventEmitter, once } from 'node:events';
import { PassThrough } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { InterruptedError } from './errors';
import { interruptible } from './interrupt';

const signals = ['SIGINT', 'SIGTERM'] as const;

/** Work that ends in order once it is told to stop. */
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });

const listeners = () => signals.map((signal) => process.listenerCount(signal));

let exit: jest.SpyInstance;

beforeEach(() => {
  exit = jest.spyOn(process, 'exit').mockReturnValue(undefined as never);
});

afterEach(() => {
  exit.mockRestore();
  for (const signal of signals) process.removeAllListeners(signal);
});

it('leaves signals as they were after work that nobody stopped', async () => {
  const before = listeners();
  await expect(interruptible(new PassThrough(), 'Stopping.', () => Promise.resolve(7))).resolves.toBe(7);
  expect(listeners()).toEqual(before);
});

it.each(signals)('%s says the notice and aborts the work; delivered twice at once, it counts once', async (signal) => {
  const stderr = new PassThrough();
  const work = interruptible(stderr, 'Stopping.', untilAborted);
  process.emit(signal);
  process.emit(signal);
  await expect(work).rejects.toThrow(InterruptedError);
  expect(String(stderr.read())).toBe('\nStopping.\n');
  expect(exit).not.toHaveBeenCalled();
});

it.each(['while the work ends', 'when the work has ended'])(
  'a later second signal %s exits with 130',
  async (moment) => {
    const ends = new EventEmitter();
    const work = interruptible(new PassThrough(), 'Stopping.', () => once(ends, 'end'));
    process.emit('SIGINT');
    if (moment === 'when the work has ended') {
      ends.emit('end');
      await work;
    }
    await setTimeout(450);
    process.emit('SIGINT');
    expect(exit).toHaveBeenCalledWith(130);
    ends.emit('end');
    await work;
  },
);
