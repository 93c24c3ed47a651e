/**
 * What a source gives, as lists of all that has come by the time that the list before was done with.
 * @param most entries of one list
 */
export async function* gathered<Entry>(source: AsyncIterable<Entry>, most: number): AsyncGenerator<Entry[]> {
  const iterator = source[Symbol.asyncIterator]();
  const ask = (): Promise<IteratorResult<Entry, unknown>> => {
    const answer = iterator.next();
    // It may fail while nobody waits for it; whoever does later hears of it.
    answer.catch(() => undefined);
    return answer;
  };
  let next = ask();
  for (;;) {
    const first = await next;
    if (first.done === true) return;
    const list = [first.value];
    next = ask();
    while (list.length < most) {
      const soon = await Promise.race([next, oneTurn()]);
      if (soon === undefined || soon.done === true) break;
      list.push(soon.value);
      next = ask();
    }
    yield list;
  }
}

async function oneTurn(): Promise<undefined> {
  await new Promise(setImmediate);
}
