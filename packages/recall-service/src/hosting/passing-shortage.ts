/** What the system says when it is short of something for now, or a network file system does not answer. */
const passingCodes: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'EAGAIN',
  'EBUSY',
  'ETIMEDOUT',
  'ESTALE',
  'ERR_WORKER_INIT_FAILED',
  'ERR_WORKER_OUT_OF_MEMORY',
  'RECALL_LOAD_TIMEOUT',
  'STORE_BUCKET',
]);

/** The same, in the words of errors that carry no code, such as those of native code. */
const passingWords = /too many open files|cannot allocate memory|bad_alloc|out of memory/i;

/** Whether an error, or what caused it, may be gone by itself: then it is worth trying again. */
export function isPassingShortage(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if ('code' in each && passingCodes.has(String(each.code))) return true;
    if (passingWords.test(each.message)) return true;
  }
  return false;
}
