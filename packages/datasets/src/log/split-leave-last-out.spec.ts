import fc from 'fast-check';
import type { Dataset } from '../dataset';
import { DatasetError } from '../errors';
import { groupByUser } from './group-by-user';
import { rangeVocabulary } from '../vocabulary/vocabularies';
import { chooseRepeatRule } from './choose-repeat-rule';
import type { RepeatRule } from './repeats';
import { knownEnds, withValidation } from './split';
import { splitLeaveLastOut } from './split-leave-last-out';

/** Histories of item rows, one per user. */
const logOf = (histories: readonly (readonly number[])[]) =>
  groupByUser(
    {
      users: Int32Array.from(histories.flatMap((history, user) => history.map(() => user))),
      items: Int32Array.from(histories.flat()),
      timestamps: Float64Array.from(histories.flatMap((history) => history.map((_, time) => time))),
    },
    { userCount: histories.length, itemCount: 50 },
  );

describe('splitLeaveLastOut', () => {
  it('takes the last event for the test and the one before for validation', () => {
    const split = splitLeaveLastOut(logOf([[4, 5, 6, 7], [1, 2], [], [8, 9, 10]]));
    expect([...split.trainEnd]).toEqual([2, 6, 6, 7]);
    expect([...split.validation]).toEqual([6, -1, -1, 9]);
    expect([...split.test]).toEqual([7, -1, -1, 10]);
  });

  it('uses every event exactly once', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(49), { maxLength: 6 }), { maxLength: 8 }), (histories) => {
        fc.pre(histories.some((history) => history.length >= 3));
        const { log, trainEnd, validation, test } = splitLeaveLastOut(logOf(histories), 'rank');
        histories.forEach((history, user) => {
          const train = log.items.subarray(log.offsets[user], trainEnd[user]);
          const held = [validation[user], test[user]].filter((item) => item >= 0);
          expect([...train, ...held]).toEqual(history);
          expect(held).toHaveLength(history.length >= 3 ? 2 : 0);
        });
      }),
    );
  });

  it('holds out first events alone with drop, and trains on them alone', () => {
    const { log, trainEnd, validationAt, testAt, test, isExample, notes } = splitLeaveLastOut(
      logOf([
        [1, 2, 1, 3, 2, 4, 3],
        [5, 5, 5, 6],
      ]),
      'drop',
    );
    expect([[...trainEnd], [...validationAt], [...testAt], [...test]]).toEqual([
      [3, 11],
      [3, -1],
      [5, -1],
      [4, -1],
    ]);
    expect([...(isExample ?? [])]).toEqual([1, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1]);
    expect(log.items).toHaveLength(11);
    expect(notes.slice(0, 1)).toEqual([
      '5 of 11 interactions repeat an item that the user already has; ' +
        'they stay in histories and are neither training examples nor targets (repeats: drop).',
    ]);
  });

  it('never lets a user know the items of their held-out events beforehand with drop', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(6), { maxLength: 12 }), { minLength: 1, maxLength: 8 }), (histories) => {
        fc.pre(histories.some((history) => new Set(history).size >= 3));
        const split = splitLeaveLastOut(logOf(histories), 'drop');
        for (const part of ['validation', 'test'] as const) {
          const ends = knownEnds(split, part);
          split[part].forEach((item, user) => {
            if (item < 0) return;
            expect([...split.log.items.subarray(split.log.offsets[user], ends[user])]).not.toContain(item);
          });
        }
        expect(split.trainEnd).toEqual(knownEnds(split, 'validation'));
        expect(withValidation(split).trainEnd).toEqual(knownEnds(split, 'test'));
      }),
    );
  });

  it('gives a first event the largest weight of the training events with its item', () => {
    const log = { ...logOf([[1, 1, 2, 1, 3, 4, 1]]), weights: Float32Array.of(1, 3, 1, 2, 1, 5, 9) };
    const split = splitLeaveLastOut(log, 'drop');
    expect([...split.trainEnd]).toEqual([4]);
    expect([...(split.weights ?? [])].slice(0, 3)).toEqual([3, 3, 1]);
  });

  describe('with a target type', () => {
    const types = (values: number[]) => ({ names: ['view', 'buy'], values: Uint8Array.from(values), target: 1 });

    it('holds out the last events of that type', () => {
      const log = { ...logOf([[1, 1, 2, 2, 3, 4, 1]]), types: types([0, 1, 0, 1, 0, 0, 1]) };
      const held = (rule: RepeatRule) => {
        const { validationAt, testAt, trainEnd } = splitLeaveLastOut(log, rule);
        return [validationAt[0], testAt[0], trainEnd[0]];
      };
      // The last purchase is of an item that was bought before.
      expect(held('drop')).toEqual([1, 3, 1]);
      expect(held('rank')).toEqual([3, 6, 3]);
    });

    it('tests a user with a single such event, and validates on others', () => {
      const log = {
        ...logOf([
          [1, 2, 3],
          [1, 2, 3, 4],
          [5, 6, 7],
        ]),
        types: types([0, 0, 1, 0, 1, 1, 0, 0, 0, 0]),
      };
      const { validation, test, trainEnd } = splitLeaveLastOut(log, 'drop');
      expect([[...validation], [...test], [...trainEnd]]).toEqual([
        [-1, 2, -1],
        [3, 3, -1],
        [2, 4, 10],
      ]);
    });

    it('takes the first event of each type as an example', () => {
      const log = { ...logOf([[1, 1, 1, 1, 2, 2, 3, 3]]), types: types([0, 0, 1, 1, 0, 1, 0, 1]) };
      const { isExample } = splitLeaveLastOut(log, 'drop');
      expect([...(isExample ?? [])]).toEqual([1, 0, 1, 0, 1, 1, 1, 1]);
    });
  });

  it('counts the test targets that are masked with mask', () => {
    const { notes, test } = splitLeaveLastOut(
      logOf([
        [1, 2, 3, 1],
        [4, 1, 2],
      ]),
      'mask',
    );
    expect([...test]).toEqual([1, 2]);
    expect(notes).toContain(
      '1 of 2 test targets are items that the user already has; they are masked, and not evaluated.',
    );
  });

  it('says so where many test targets occur nowhere else', () => {
    const known = Array.from({ length: 8 }, () => [1, 2, 3]);
    const notesOf = (...others: number[][]) => splitLeaveLastOut(logOf([...known, ...others])).notes;
    // Item 3 is everyone's target; the last user has it before, so that it is within reach.
    expect(notesOf([3, 1, 2])).toEqual([]);
    expect(notesOf([3, 1, 2], [1, 2, 8])).toEqual([]);
    expect(notesOf([3, 1, 2], [1, 2, 8], [2, 1, 9])).toEqual([
      '2 of 11 test targets (18 %) are items that occur nowhere else; ' +
        'no model can recommend them, and they count as misses.',
    ]);
  });

  it('refuses a log in which no user has three events', () => {
    expect(() => splitLeaveLastOut(logOf([[1], [2, 3]]))).toThrow(
      new DatasetError(
        'DATASET_NOT_SPLITTABLE',
        'None of the 2 users has 3 interactions with different items, so there is nothing to validate or test on; ' +
          'bring a log with longer histories.',
      ),
    );
  });
});

describe('chooseRepeatRule', () => {
  const dataset = (histories: readonly (readonly number[])[], repeats?: RepeatRule): Dataset => ({
    name: 'test',
    users: { fields: [], vocabulary: rangeVocabulary(histories.length, 0) },
    items: { fields: [], vocabulary: rangeVocabulary(50, 0) },
    interactions: logOf(histories),
    repeats,
    notes: [],
  });

  it('takes what is asked for, else what the source states, else drop', () => {
    expect(chooseRepeatRule(dataset([[1, 2, 3]], 'mask'), 'rank').rule).toBe('rank');
    expect(chooseRepeatRule(dataset([[1, 2, 3]], 'mask'), 'auto').rule).toBe('mask');
    expect(chooseRepeatRule(dataset([[1, 2, 3]]), 'auto')).toEqual({ rule: 'drop', notes: [] });
  });

  it('ranks repeats where nobody has anything new, and says so', () => {
    const { rule, notes } = chooseRepeatRule(dataset([[1, 1, 1, 1]]), 'auto');
    expect([rule, notes]).toEqual([
      'rank',
      [
        'No user has interactions with three different items, so items that a user already has are ranked, ' +
          'as with --repeats rank.',
      ],
    ]);
    expect(chooseRepeatRule(dataset([[1, 1, 1, 1]]), 'drop').rule).toBe('drop');
  });
});
