import { suggest } from './suggest';

const names = ['batch-size', 'epochs', 'lr', 'num-users', 'num-items'];

it.each([
  ['batch_size', 'batch-size'],
  ['batchSize', 'batch-size'],
  ['bacth-size', 'batch-size'],
  ['eopchs', 'epochs'],
  ['epoch', 'epochs'],
  ['num-user', 'num-users'],
  ['numitem', 'num-items'],
])('takes %s for %s', (word, meant) => {
  expect(suggest(word, names)).toBe(meant);
});

it.each(['x', 'ab', 'learning-rate', ''])('has no guess for %j', (word) => {
  expect(suggest(word, names)).toBeUndefined();
});
