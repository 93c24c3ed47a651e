import { RandomStream } from '@vector-recall/random';
import { EventBatches } from '../batches/event-batches';
import { describeBackends } from '../testing/backends';
import { toyModel, toySplit } from '../testing/toy-world';
import { HardNegatives } from './hard-negatives';

const split = toySplit();
const config = { hardNegatives: 20, hardNegativeDepth: 15, hardNegativeRefresh: 3 };

function mine(mined: number[] = []) {
  const model = toyModel();
  const batches = new EventBatches(split, { batchSize: 64, historyLength: 5, unknownUsers: 0.2 });
  batches.shuffle(new RandomStream(1));
  return { model, batches, miner: new HardNegatives(model, split, batches, config, mined) };
}

describeBackends('HardNegatives', () => {
  it('are among the nearest items of a user, and none that the user has', () => {
    const { model, batches, miner } = mine();
    const found = miner.of(0, new RandomStream(2)).slice();
    const { users, owners } = batches.batch(0);
    const items = model.encodeItems(Int32Array.from({ length: 200 }, (_, row) => row));
    const vectors = model.encodeUsers(users);
    const score = (row: number, item: number): number => {
      let sum = 0;
      for (let i = 0; i < 16; i++) sum += vectors[row * 16 + i] * items[item * 16 + i];
      return sum;
    };
    expect(found).toHaveLength(20);
    found.forEach((item, row) => {
      const { log, trainEnd } = split;
      const own = log.items.subarray(log.offsets[owners[row]], trainEnd[owners[row]]);
      expect(own).not.toContain(item);
      const nearer = Array.from({ length: 200 }, (_, other) => other).filter(
        (other) => score(row, other) > score(row, item) + 1e-5,
      );
      expect(nearer.length).toBeLessThan(15);
    });
    expect(new Set(found).size).toBeGreaterThan(5);
  });

  it('stay as they were mined until the next refresh, and after a pause', () => {
    const { model, miner } = mine();
    miner.of(0, new RandomStream(2));
    const [second, third] = [1, 2].map((step) => miner.of(step, new RandomStream(3)).slice());
    expect(second).not.toEqual(third);
    const resumed = mine(miner.state).miner;
    expect(resumed.of(2, new RandomStream(4))).toEqual(third);

    for (const { values } of model.parameters.values()) values.reverse();
    expect(miner.of(2, new RandomStream(3))).toEqual(third);
    const fresh = mine().miner;
    expect(miner.of(3, new RandomStream(5))).not.toEqual(fresh.of(3, new RandomStream(5)));
  });

  it('end with the epoch', () => {
    const { batches, miner } = mine();
    expect(batches.stepsPerEpoch).toBe(22);
    miner.of(21, new RandomStream(2));
    expect(miner.state).toHaveLength(20);
  });
});
