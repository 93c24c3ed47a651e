/**
 * Waits for work no longer than a time, or until a signal ends the wait. The work itself goes on: whoever starts what may
 * hang has to see to what it leaves.
 *
 * @param lateError what to throw when the time is over
 * @throws what the work throws, the late error, or the signal's reason
 */
export async function within<Result>(
  ms: number,
  work: Promise<Result>,
  lateError: () => Error,
  signal?: AbortSignal,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  let abort: (() => void) | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(lateError());
    }, ms);
    abort = () => {
      reject(signal?.reason instanceof Error ? signal.reason : lateError());
    };
    signal?.addEventListener('abort', abort);
    if (signal?.aborted === true) abort();
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    clearTimeout(timer);
    if (abort !== undefined) signal?.removeEventListener('abort', abort);
  }
}
