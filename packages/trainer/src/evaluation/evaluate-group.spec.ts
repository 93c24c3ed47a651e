import { splitLeaveLastOut } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import { logOf } from '../testing/logs';
import { evaluateGroup } from './evaluate-group';
import type { Scorer } from './scorer';
import { popularityScorer, randomScorer } from './scorers';
import { slicesOf } from './slices';
import { createTask } from './task';
import { itemKnnScorer } from './yardsticks/item-knn';

// Every user goes round a ring of twelve items, from a place and for a length of their own; item 12 is had once.
const histories = Array.from({ length: 60 }, (_, user) =>
  Array.from({ length: 3 + (user % 6) }, (__, n) => (user * 5 + n) % 12),
);
histories[0] = [0, 1, 2, 12];
const split = splitLeaveLastOut(logOf(13, histories));
const task = createTask(split, 'test', { maxUsers: 0, random: new RandomStream(1) });

/** Knows the ring. */
const oracle: Scorer = {
  name: 'oracle',
  score(users, columns, out) {
    users.forEach((user, n) => {
      const last = task.log.items[task.ends[user] - 1];
      columns.forEach((item, c) => (out[n * columns.length + c] = item === (last + 1) % 12 ? 1 : 0));
    });
  },
};

const evaluate = (model: Scorer, ease?: Scorer & { readonly lambda: number }) =>
  evaluateGroup(
    task,
    {
      model,
      popularity: popularityScorer(task.counts),
      itemKnn: itemKnnScorer(task),
      ...(ease === undefined ? {} : { ease }),
      random: randomScorer(new RandomStream(2)),
    },
    { cutoffs: [1, 5], random: new RandomStream(3) },
  );

describe('evaluateGroup', () => {
  it('gives every figure an interval around it', async () => {
    const { report } = await evaluate(oracle);
    expect(report.model['hitRate@1']).toBeCloseTo(59 / 60);
    for (const scorer of [report.model, report.popularity, report.itemKnn, report.random]) {
      expect(Object.keys(scorer.interval).sort()).toEqual(['hitRate@1', 'hitRate@5', 'ndcg@1', 'ndcg@5']);
      for (const name of ['hitRate@1', 'ndcg@5'] as const) {
        const [low, high] = scorer.interval[name];
        expect(low).toBeLessThanOrEqual(scorer[name]);
        expect(high).toBeGreaterThanOrEqual(scorer[name]);
      }
    }
    expect(report.difference.to).toBe('itemKnn');
    const { value, interval } = report.difference['hitRate@5'];
    expect(value).toBeCloseTo(report.model['hitRate@5'] - report.itemKnn['hitRate@5'], 9);
    expect(interval[0]).toBeLessThanOrEqual(value);
    expect(interval[1]).toBeGreaterThanOrEqual(value);
  });

  it('compares with the best yardstick and names each that is better', async () => {
    const { report } = await evaluate(randomScorer(new RandomStream(9)), { ...oracle, lambda: 50 });
    expect(report.ease?.lambda).toBe(50);
    expect(report.difference.to).toBe('ease');
    expect(report.difference['hitRate@5'].interval[1]).toBeLessThan(0);
    const figures = [report.model, report.ease ?? report.model].map((scorer) => scorer['hitRate@5'].toFixed(4));
    expect(report.notes).toContain(`The model is worse than EASE^R: HitRate@5 ${figures[0]} against ${figures[1]}.`);
    expect(report.notes.join(' ')).toContain('The model is worse than item-kNN');
  });

  it('is not impressed by a difference that may be chance', async () => {
    const { report } = await evaluate(itemKnnScorer(task));
    expect(report.difference['hitRate@5']).toEqual({ value: 0, interval: [0, 0] });
    expect(report.notes).toEqual([
      'The model is not reliably better than item-kNN: the 95 % interval of the difference in HitRate@5 includes zero.',
    ]);
  });

  it('says when many held-out items are out of reach', async () => {
    const few = splitLeaveLastOut(
      logOf(9, [
        [0, 1, 2, 7],
        [1, 2, 0, 8],
        [2, 0, 1, 3],
        [3, 4, 5, 0],
      ]),
    );
    const ofFew = createTask(few, 'test', { maxUsers: 0, random: new RandomStream(1) });
    const { report } = await evaluateGroup(
      ofFew,
      {
        model: popularityScorer(ofFew.counts),
        popularity: popularityScorer(ofFew.counts),
        itemKnn: itemKnnScorer(ofFew),
        random: randomScorer(new RandomStream(2)),
      },
      { cutoffs: [10], random: new RandomStream(3) },
    );
    expect(report.notes.at(-1)).toBe(
      '2 of the 4 held-out items (50 %) occur nowhere before, so nothing that ranks the 6 known items can find them. ' +
        'Check that the events are in order of time and that items recur.',
    );
  });
});

describe('slicesOf', () => {
  it('divides the users by what is known of them and by how often their item occurs', async () => {
    const { judged } = await evaluate(oracle);
    const { historyLength, itemPopularity } = slicesOf(task, judged, [1]);
    const countOf = (slices: readonly { readonly label: string; readonly users: number }[]) =>
      slices.map(({ label, users }) => [label, users]);
    // Two to seven events are known, ten users each; the first user has three and not two.
    expect(countOf(historyLength)).toEqual([
      ['1 to 5', 40],
      ['6 to 10', 20],
      ['11 to 20', 0],
      ['21 to 50', 0],
      ['51 and more', 0],
    ]);
    const total = itemPopularity.reduce((sum, { users }) => sum + users, 0);
    expect([total, itemPopularity[0].label, itemPopularity[0].users]).toEqual([60, '0', 1]);
    expect(itemPopularity[0].hitRates.model).toEqual({ 'hitRate@1': 0 });
    expect(historyLength[1].hitRates.model).toEqual({ 'hitRate@1': 1 });
    expect(historyLength[2].hitRates).toEqual({});
    expect(Object.keys(historyLength[0].hitRates)).toEqual(['model', 'popularity', 'itemKnn']);
  });
});
