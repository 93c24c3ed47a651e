import { makingThreads } from './engine-options';

it.each([
  [1, 1],
  [2, 1],
  [16, 15],
])('of %i threads takes %i at a low priority', (threads, taken) => {
  expect(makingThreads({ threads, priority: 'low' })).toBe(taken);
  expect(makingThreads({ threads })).toBe(threads);
});
