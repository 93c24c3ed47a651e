import { ArtifactNotFoundError } from './errors';

it.each([
  [new ArtifactNotFoundError('a'), 'There is no artifact in a yet; vector-recall train --output a makes one.'],
  [
    new ArtifactNotFoundError('a', 'v1'),
    'There is no version v1 in a; vector-recall doctor --output a lists those there are.',
  ],
])('%s says what to do', (error, message) => {
  expect(error.message).toBe(message);
});
