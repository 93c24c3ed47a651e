import { ContinuationError } from '../errors';
import { toyInputs, toyModelConfig } from '../testing/toy-world';
import { refuseShapeChanges } from './refuse-shape-changes';

const stored = { config: toyModelConfig, inputs: toyInputs };

it('lets options change that leave the weights their shapes', () => {
  expect(() => {
    refuseShapeChanges(stored, { ...toyModelConfig, dropout: 0.3, itemIdStart: 'attributes', tagDim: 9 });
  }).not.toThrow();
});

it('names every option that changes a shape, and no other', () => {
  const changed = { ...toyModelConfig, embeddingDim: 24, hiddenDims: [8], dropout: 0.4 };
  expect(() => {
    refuseShapeChanges(stored, changed);
  }).toThrow(
    new ContinuationError(
      "A training can't continue with options that change the shape of the stored model: " +
        'model.embeddingDim (16, now 24), model.hiddenDims ([32], now [8]). ' +
        'Leave them as they were, or leave --from out to train a new model.',
    ),
  );
});
