import { CallSignal } from './call-signal';

describe('CallSignal', () => {
  it('tells those that still listen, once, and then says why', () => {
    const signal = new CallSignal();
    const calls: string[] = [];
    const gone = (): number => calls.push('gone');
    signal.addEventListener('abort', () => calls.push('first'));
    signal.addEventListener('abort', gone);
    signal.addEventListener('abort', () => calls.push('second'));
    signal.removeEventListener('abort', gone);
    expect(signal.aborted).toBe(false);
    expect(signal.reason).toBeUndefined();
    signal.throwIfAborted();

    signal.abort();
    signal.abort();
    expect(calls).toEqual(['first', 'second']);
    expect(signal.aborted).toBe(true);
    expect(() => {
      signal.throwIfAborted();
    }).toThrow('The call has ended.');
    expect(signal.reason).toEqual(new Error('The call has ended.'));
  });

  it('tells each that listens, also where one takes itself off', () => {
    const signal = new CallSignal();
    const calls: string[] = [];
    const once = (): void => {
      calls.push('once');
      signal.removeEventListener('abort', once);
    };
    signal.addEventListener('abort', once);
    signal.addEventListener('abort', () => calls.push('after it'));
    signal.abort();
    expect(calls).toEqual(['once', 'after it']);
  });
});
