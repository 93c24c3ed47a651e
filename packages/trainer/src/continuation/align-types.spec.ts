import { ContinuationError } from '../errors';
import { logOf } from '../testing/logs';
import { alignTypes } from './align-types';

const plain = logOf(3, [[0, 1, 2]]);
const typed = (inHistories: boolean) => ({
  ...plain,
  types: { names: ['view', 'buy'], values: Uint8Array.of(0, 1, 1), inHistories },
});

describe('alignTypes', () => {
  it('leaves a log as it is where both tell types, or neither does', () => {
    const [with_, without] = [typed(true), typed(false)];
    expect(alignTypes(['view'], with_)).toEqual({ interactions: with_, notes: [] });
    expect(alignTypes(undefined, without)).toEqual({ interactions: without, notes: [] });
    expect(alignTypes(undefined, plain)).toEqual({ interactions: plain, notes: [] });
  });

  it('leaves types out of histories where the stored model does not read them', () => {
    const { interactions, notes } = alignTypes(undefined, typed(true));
    expect(interactions).toEqual(typed(false));
    expect(notes).toEqual([
      'The stored model was trained without types of events in histories and does not read them.',
    ]);
  });

  it.each([plain, typed(false)])('refuses histories that lack the types that the model reads', (log) => {
    expect(() => alignTypes(['view', 'cart'], log)).toThrow(
      new ContinuationError(
        'The histories of the stored model tell the types of events view, cart, and those of the data do not. ' +
          'Bring them with --history-types, or leave --from out to train a new model.',
      ),
    );
  });
});
