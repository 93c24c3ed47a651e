import { RowSet } from '@vector-recall/item-catalogue';
import { IdTable } from '@vector-recall/model-store';
import { PopularityRanking, rankByPopularity } from './popularity';

const itemIds = new IdTable('itemIds', ['a', 'b', 'c', 'd'], 'string');

describe('PopularityRanking', () => {
  it('ranks items by their share of all interactions, equal ones by row', () => {
    const history = { offsets: Int32Array.of(0, 3, 5), items: Int32Array.of(2, 1, 3, 2, 1) };
    const ranking = new PopularityRanking(rankByPopularity({ itemIds, history }));
    expect(ranking.top(3)).toEqual({
      labels: Int32Array.of(1, 2, 3),
      scores: Float32Array.of(2 / 5, 2 / 5, 1 / 5),
    });
    expect([...ranking.top(10, Int32Array.of(2)).labels]).toEqual([1, 3, 0]);
    const allowed = RowSet.of([0, 2, 3], 4);
    expect([...ranking.top(2, undefined, allowed).labels]).toEqual([2, 3]);
  });

  it('ranks nothing above anything where nobody has anything', () => {
    const history = { offsets: Int32Array.of(0), items: new Int32Array(0) };
    const ranking = new PopularityRanking(rankByPopularity({ itemIds, history }));
    expect(ranking.top(2)).toEqual({ labels: Int32Array.of(0, 1), scores: Float32Array.of(0, 0) });
  });
});
