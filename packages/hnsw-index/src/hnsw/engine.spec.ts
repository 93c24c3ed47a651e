import { IndexEngineError } from '../errors';
import { createGraph } from './engine';

it('says how to compile the addon where it cannot be loaded', async () => {
  jest.doMock('hnswlib-node', () => {
    throw new Error('Could not locate the bindings file.');
  });
  const error: unknown = await createGraph('l2', 2).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(IndexEngineError);
  expect(error).toMatchObject({
    code: 'INDEX_ENGINE_UNAVAILABLE',
    message:
      'The native part of hnswlib-node cannot be loaded; run `npm rebuild hnswlib-node` where a C++ compiler is installed.',
  });
});
