import { splitLeaveLastOut } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import { logOf } from '../testing/logs';
import type { Batches } from './batches';
import { EventBatches } from './event-batches';
import { HistoryGatherer } from './histories';
import { SequenceBatches } from './sequence-batches';

const users = Array.from({ length: 40 }, (_, user) => Array.from({ length: 12 }, (__, n) => user * 12 + n));
const plain = logOf(480, users);
/** The label of an event is its item, of which there is one event only. */
const log = { ...plain, context: [{ name: 'device', labels: [], values: plain.items }] };

describe('the context of an example', () => {
  it.each<[string, Batches]>([
    ['EventBatches', new EventBatches(splitLeaveLastOut(log, 'rank'), { batchSize: 20, historyLength: 5 })],
    ['SequenceBatches', new SequenceBatches(splitLeaveLastOut(log, 'rank'), { batchSize: 20, historyLength: 5 })],
  ])('is that of its event, and hidden for a share of them: %s', (_, batches) => {
    batches.shuffle(new RandomStream(1));
    let [known, hidden] = [0, 0];
    for (let step = 0; step < batches.stepsPerEpoch; step++) {
      const { users: batch, positives } = batches.batch(step);
      const [labels] = batch.context ?? [];
      expect(labels).toHaveLength(positives.length);
      labels.forEach((label, n) => {
        if (label === -1) hidden++;
        else expect(label).toBe(positives[n]);
        known += Number(label >= 0);
      });
    }
    // A fifth of about 400 examples; the deviation of such a share is 0.02.
    expect(Math.abs(hidden / (known + hidden) - 0.2)).toBeLessThan(0.08);
  });

  it('is unknown for a user whose history is read to its end', () => {
    const { context } = new HistoryGatherer(log, 5).gather(Int32Array.of(0, 0, 39), Int32Array.of(3, 12, 480));
    expect(context).toEqual([Int32Array.of(3, -1, -1)]);
  });

  it('is absent where events have none', () => {
    const batches = new EventBatches(splitLeaveLastOut(plain, 'rank'), { batchSize: 20, historyLength: 5 });
    batches.shuffle(new RandomStream(1));
    expect(batches.batch(0).users.context).toBeUndefined();
  });
});
