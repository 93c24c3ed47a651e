import { splitLeaveLastOut } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import { logOf } from '../testing/logs';
import type { Batches } from './batches';
import { EventBatches } from './event-batches';
import { HistoryGatherer } from './histories';
import { SequenceBatches } from './sequence-batches';

const users = Array.from({ length: 20 }, (_, user) => Array.from({ length: 12 }, (__, n) => (user * 7 + n * 5) % 90));
const plain = logOf(90, users);
/** The type of an event is told by its item. */
const log = (inHistories: boolean) => ({
  ...plain,
  types: { names: ['view', 'cart', 'buy'], values: Uint8Array.from(plain.items, (item) => item % 3), inHistories },
});

const options = { batchSize: 16, historyLength: 5 };
const batchesOf = (inHistories: boolean): [string, Batches][] => {
  const split = splitLeaveLastOut(log(inHistories), 'rank');
  return [
    ['EventBatches', new EventBatches(split, options)],
    ['SequenceBatches', new SequenceBatches(split, options)],
  ];
};

describe('the types of the events in histories', () => {
  it.each(batchesOf(true))('stand beside their items, but for a share of the histories: %s', (_, batches) => {
    let [known, hidden] = [0, 0];
    for (const seed of [1, 2, 3]) {
      batches.shuffle(new RandomStream(seed));
      for (let step = 0; step < batches.stepsPerEpoch; step++) {
        const { historyOffsets, historyItems, historyTypes } = batches.batch(step).users;
        for (let n = 0; n < historyOffsets.length - 1; n++) {
          const [start, end] = [historyOffsets[n], historyOffsets[n + 1]];
          if (start === end) continue;
          const types = [...(historyTypes ?? []).slice(start, end)];
          const isHidden = types[0] === -1;
          expect(types).toEqual(Array.from(historyItems.slice(start, end), (item) => (isHidden ? -1 : item % 3)));
          if (isHidden) hidden++;
          else known++;
        }
      }
    }
    expect(known + hidden).toBeGreaterThan(100);
    // A fifth of them.
    expect(Math.abs(hidden / (known + hidden) - 0.2)).toBeLessThan(0.1);
  });

  it.each(batchesOf(false))('are left out where they are not asked for: %s', (_, batches) => {
    batches.shuffle(new RandomStream(1));
    expect(batches.batch(0).users.historyTypes).toBeUndefined();
  });

  it('are those of the newest events of each user', () => {
    const { historyItems, historyTypes } = new HistoryGatherer(log(true), 2).gather(
      Int32Array.of(3, 0),
      Int32Array.of(40, 1),
    );
    expect([...historyItems]).toEqual([plain.items[38], plain.items[39], plain.items[0]]);
    expect([...(historyTypes ?? [])]).toEqual(Array.from(historyItems, (item) => item % 3));
  });
});
