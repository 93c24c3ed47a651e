import { setTimeout as wait } from 'node:timers/promises';
import { gathered } from './gathered';

async function* source(): AsyncGenerator<number> {
  for (const n of [1, 2, 3, 4, 5]) yield n;
  await wait(5);
  yield 6;
}

it('gives what has come in lists, none longer than asked for', async () => {
  const lists: number[][] = [];
  for await (const list of gathered(source(), 4)) lists.push(list);
  expect(lists).toEqual([[1, 2, 3, 4], [5], [6]]);
});

it('fails where the source does, after what came before', async () => {
  async function* failing(): AsyncGenerator<number> {
    yield 1;
    await wait(1);
    throw new Error('gone');
  }
  const lists: number[][] = [];
  const read = async (): Promise<void> => {
    for await (const list of gathered(failing(), 4)) {
      lists.push(list);
      await wait(5);
    }
  };
  await expect(read()).rejects.toThrow('gone');
  expect(lists).toEqual([[1]]);
});
