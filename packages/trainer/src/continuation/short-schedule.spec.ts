import { shortSchedule } from './short-schedule';

const recipe = { epochs: 30, learningRate: 0.004 };

it.each([
  ['a quarter of the epochs that were trained, at half the rate', { epochs: 20, isContinued: false }, 5, 0.002],
  ['at least one epoch', { epochs: 3, isContinued: false }, 1, 0.002],
  ['the epochs of the options where it is not known what was trained', undefined, 7, 0.002],
  ['the schedule as it is where the version was continued itself', { epochs: 4, isContinued: true }, 30, 0.004],
])('takes %s', (_, past, epochs, learningRate) => {
  expect(shortSchedule(recipe, past)).toEqual({ epochs, learningRate });
});
