import { createHash } from 'node:crypto';
import { splitLeaveLastOut } from '../log/split-leave-last-out';
import type { Dataset } from '../dataset';
import { createWorld } from './world';
import { fieldOf } from '../testing/inspect';

const small = { numUsers: 400, numItems: 4000, numInteractions: 20_000 };

function checksum({ users, items, interactions }: Dataset): string {
  const hash = createHash('sha256');
  const arrays = [
    interactions.offsets,
    interactions.items,
    interactions.timestamps,
    fieldOf(users, 'numbers')?.values,
    fieldOf(items, 'numbers')?.values,
    fieldOf(items, 'category')?.values,
    fieldOf(items, 'tags')?.offsets,
    fieldOf(items, 'tags')?.values,
  ];
  for (const array of arrays) hash.update(array ?? '');
  return hash.digest('hex').slice(0, 16);
}

/** Share of test items among the 100 best by `scoreItems`, of what users lack before their last event. */
function hitRate100(dataset: Dataset, scoreItems: (user: number, out: Float32Array) => void): number {
  const { log, test } = splitLeaveLastOut(dataset.interactions);
  const scores = new Float32Array(log.itemCount);
  let hits = 0;
  let users = 0;
  test.forEach((target, user) => {
    if (target < 0) return;
    users++;
    scoreItems(user, scores);
    const wanted = scores[target];
    for (const item of log.items.subarray(log.offsets[user], log.offsets[user + 1] - 1)) scores[item] = -1;
    hits += scores.filter((score) => score > wanted).length < 100 ? 1 : 0;
  });
  return hits / users;
}

function popularityOf({ interactions }: Dataset): Float32Array {
  const { log, trainEnd } = splitLeaveLastOut(interactions);
  const counts = new Float32Array(log.itemCount);
  trainEnd.forEach((end, user) => {
    for (const item of log.items.subarray(log.offsets[user], end)) counts[item]++;
  });
  return counts;
}

describe('createWorld', () => {
  const world = createWorld(small, { seed: 42 });

  it('is the same for the same seed, in every release', () => {
    expect(checksum(createWorld(small, { seed: 42 }))).toBe(checksum(world));
    expect(checksum(world)).toBe('599c4fc8d1949c64');
  });

  it('is another for another seed', () => {
    expect(checksum(createWorld(small, { seed: 43 }))).not.toBe(checksum(world));
  });

  it('has the size that was asked for, in order of time and without repeats', () => {
    const { userCount, itemCount, offsets, items, timestamps } = world.interactions;
    expect([userCount, itemCount, items.length]).toEqual([400, 4000, 20_000]);
    for (let user = 0; user < userCount; user++) {
      const history = items.subarray(offsets[user], offsets[user + 1]);
      expect(new Set(history).size).toBe(history.length);
      expect(history.length).toBeGreaterThanOrEqual(5);
      const times = timestamps.subarray(offsets[user], offsets[user + 1]);
      expect([...times]).toEqual([...times].sort((a, b) => a - b));
    }
  });

  it('has active users far above the median, and popular items', () => {
    const { offsets } = world.interactions;
    const counts = Array.from({ length: 400 }, (_, user) => offsets[user + 1] - offsets[user]).sort((a, b) => a - b);
    expect(counts[396] / counts[200]).toBeGreaterThan(4);
    const popularity = popularityOf(world).sort().reverse();
    const share = popularity.subarray(0, 400).reduce((sum, count) => sum + count, 0) / 20_000;
    // A tenth of the items holds more than twice, less than seven times its share.
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.7);
  });

  it('can be foreseen by those who know its law and not by popularity', () => {
    const popularity = popularityOf(world);
    const known = hitRate100(world, (user, out) => world.truth?.scoreItems(user, out));
    const popular = hitRate100(world, (_, out) => {
      out.set(popularity);
    });
    expect(known).toBeGreaterThan(0.35);
    expect(known).toBeGreaterThan(5 * popular);
  });

  it('has a law that sums to one', () => {
    const scores = new Float32Array(4000);
    for (const user of [0, 7, 399]) {
      world.truth?.scoreItems(user, scores);
      expect(scores.reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 4);
    }
  });

  it('drifts: the law of the last event fits the categories of late events better than those of early ones', () => {
    const { offsets, items } = world.interactions;
    const categories = fieldOf(world.items, 'category') ?? { labels: [], values: new Int32Array() };
    const scores = new Float32Array(4000);
    let early = 0;
    let late = 0;
    for (let user = 0; user < 400; user++) {
      world.truth?.scoreItems(user, scores);
      // By category, as the items that fit best are taken early and can't come again.
      const law = new Float64Array(categories.labels.length);
      scores.forEach((score, item) => (law[categories.values[item]] += score));
      const fit = Array.from(items.subarray(offsets[user], offsets[user + 1]), (item) => law[categories.values[item]]);
      const fifth = Math.ceil(fit.length / 5);
      early += fit.slice(0, fifth).reduce((sum, probability) => sum + Math.log(probability), 0);
      late += fit.slice(-fifth).reduce((sum, probability) => sum + Math.log(probability), 0);
    }
    // Some 4000 events on either side; the drift is worth more than a twentieth of a nat for each.
    expect(late - early).toBeGreaterThan(200);
  });

  it('shows tastes and niches in features, category and tags', () => {
    const { users, items } = world;
    expect([fieldOf(users, 'numbers')?.width, fieldOf(items, 'numbers')?.width]).toEqual([8, 7]);
    expect(fieldOf(users, 'numbers')?.values.every(Number.isFinite)).toBe(true);
    expect(fieldOf(items, 'numbers')?.values.every(Number.isFinite)).toBe(true);
    expect(fieldOf(items, 'category')?.values.every((label) => label >= 0)).toBe(true);
    expect(new Set(fieldOf(items, 'category')?.values).size).toBe(fieldOf(items, 'category')?.labels.length);
    expect(fieldOf(items, 'tags')?.offsets.at(-1)).toBe(fieldOf(items, 'tags')?.values.length);
  });

  it('counts its ids from one', () => {
    expect([world.users.vocabulary.idAt(0), world.items.vocabulary.rowOf(4000)]).toEqual([1, 3999]);
  });

  it('lets every user have every item, where there are just enough', () => {
    const tiny = createWorld({ numUsers: 10, numItems: 10, numInteractions: 100 }, { seed: 1 });
    const { offsets, items } = tiny.interactions;
    for (let user = 0; user < 10; user++) {
      expect(new Set(items.subarray(offsets[user], offsets[user + 1])).size).toBe(10);
    }
  });

  it('refuses more interactions than there are pairs', () => {
    expect(() => createWorld({ numUsers: 10, numItems: 10, numInteractions: 101 }, { seed: 1 })).toThrow(
      "10 users can't have 101 interactions with 10 items, as no user has an item twice; ask for fewer interactions.",
    );
  });
});
