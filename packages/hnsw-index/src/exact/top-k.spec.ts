import { createRandom } from '../testing/clustered-vectors';
import { TopK } from './top-k';

describe('TopK', () => {
  it.each([1, 2, 7, 100, 1000])('keeps the best %i of 500, best first', (k) => {
    const random = createRandom(k);
    const scores = Array.from({ length: 500 }, () => Math.floor(random() * 50));
    const heap = new TopK(k);
    scores.forEach((score, label) => {
      heap.offer(label, score);
    });

    const byScoreThenLabel = scores.map((_, label) => label).sort((a, b) => scores[b] - scores[a] || a - b);
    const expected = byScoreThenLabel.slice(0, k);
    const { labels, scores: kept } = heap.drain();
    expect([...labels]).toEqual(expected);
    expect([...kept]).toEqual(expected.map((label) => scores[label]));
  });

  it('does not depend on the order of offers', () => {
    const offers = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5].map((score, label) => ({ label, score }));
    const forwards = new TopK(4);
    const backwards = new TopK(4);
    for (const { label, score } of offers) forwards.offer(label, score);
    for (const { label, score } of offers.toReversed()) backwards.offer(label, score);
    expect([...forwards.drain().labels]).toEqual([5, 7, 4, 8]);
    expect([...backwards.drain().labels]).toEqual([5, 7, 4, 8]);
  });

  it('lets every score in until it is full', () => {
    const heap = new TopK(2);
    expect(heap.threshold).toBe(-Infinity);
    heap.offer(0, -5);
    expect(heap.threshold).toBe(-Infinity);
    heap.offer(1, 3);
    expect(heap.threshold).toBe(-5);
  });
});
