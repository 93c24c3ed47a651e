import { summarise } from './train-seeds';

describe('summarise', () => {
  it('gives mean and standard deviation of each metric', () => {
    const { mean, spread } = summarise([
      { 'hitRate@10': 0.1, mrr: 0.5 },
      { 'hitRate@10': 0.2, mrr: 0.5 },
      { 'hitRate@10': 0.3, mrr: 0.5 },
    ]);
    expect(mean).toEqual({ 'hitRate@10': expect.closeTo(0.2, 9) as number, mrr: 0.5 });
    expect(spread).toEqual({ 'hitRate@10': expect.closeTo(0.1, 9) as number, mrr: 0 });
  });
});
