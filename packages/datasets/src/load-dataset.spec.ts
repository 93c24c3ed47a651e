import { compileConfig, type DataConfig } from '@vector-recall/core-config';
import { loadDataset } from './load-dataset';
import { makeFolder, removeFolders } from './testing/folders';
import { eventsOf, failureOf, fieldOf } from './testing/inspect';

afterEach(removeFolders);

const config = (data: Partial<DataConfig>): DataConfig => ({
  source: 'synthetic',
  numUsers: 50,
  numItems: 200,
  numInteractions: 1000,
  repeats: 'auto',
  historyTypes: true,
  minUserInteractions: 1,
  ...data,
});
const log = 'user_id:token\titem_id:token\n1\t2\n';

describe('loadDataset', () => {
  it.each([
    ['recbole', { 'a.inter': log }],
    ['files', { 'dataset.yaml': 'interactions: { file: a.csv, user: u, item: i }', 'a.csv': 'u,i\n1,2\n' }],
    ['movielens', { 'ratings.dat': '1::2::3::0\n', 'movies.dat': '2::A::War\n' }],
  ])('picks the reader of %s', async (kind, files) => {
    const dataset = await loadDataset(config({ source: `${kind}:${makeFolder(files)}` }), { seed: 1 });
    expect(eventsOf(dataset)).toEqual([[1, 2, 0]]);
  });

  it.each([true, false])('tells the types of events in histories where that is asked for: %s', async (historyTypes) => {
    const description = 'interactions: { file: a.csv, user: u, item: i, type: t, order: rows }';
    const folder = makeFolder({ 'dataset.yaml': description, 'a.csv': 'u,i,t\n1,2,view\n1,3,buy\n' });
    const { interactions } = await loadDataset(config({ source: `files:${folder}`, historyTypes }), { seed: 1 });
    const { names, values, inHistories = false } = interactions.types ?? { names: [], values: [] };
    expect([names, [...values], inHistories]).toEqual([['view', 'buy'], [0, 1], historyTypes]);
  });

  it('takes a folder with a colon in its name', async () => {
    const folder = makeFolder({ 'a:b/a.inter': log });
    const dataset = await loadDataset(config({ source: `recbole:${folder}/a:b` }), { seed: 1 });
    expect(dataset.interactions.items).toHaveLength(1);
  });

  it('generates the world of the default options', async () => {
    const { data } = compileConfig({ flags: { 'num-users': '20', 'num-items': '30', 'num-interactions': '200' } });
    const dataset = await loadDataset(data, { seed: 1 });
    expect([dataset.name, dataset.interactions.items.length, dataset.notes]).toEqual(['synthetic', 200, []]);
  });

  it('leaves out users of the world that do too little, their law included', async () => {
    const whole = await loadDataset(config({}), { seed: 1 });
    const active = await loadDataset(config({ minUserInteractions: 20 }), { seed: 1 });
    const { offsets } = active.interactions;
    expect(active.interactions.userCount).toBeLessThan(50);
    const row = active.interactions.userCount - 1;
    const id = active.users.vocabulary.idAt(row);
    const before = whole.users.vocabulary.rowOf(id) ?? -1;
    expect(before).toBeGreaterThan(row);
    expect(offsets[row + 1] - offsets[row]).toBeGreaterThanOrEqual(20);
    expect(eventsOf(active)).toEqual(
      eventsOf(whole).filter(([user]) => active.users.vocabulary.rowOf(user) !== undefined),
    );
    const [scores, scoresBefore] = [new Float32Array(200), new Float32Array(200)];
    active.truth?.scoreItems(row, scores);
    whole.truth?.scoreItems(before, scoresBefore);
    expect(scores).toEqual(scoresBefore);
    expect(fieldOf(active.users, 'numbers')?.values).toHaveLength(8 * active.interactions.userCount);
    expect(active.notes).toEqual([`${50 - row - 1} users with fewer than 20 interactions were excluded.`]);
  });

  it('refuses a world in which nobody does enough', async () => {
    const error = await failureOf(loadDataset(config({ minUserInteractions: 999 }), { seed: 1 }));
    expect([error.code, error.message]).toEqual([
      'DATASET_EMPTY',
      'No user has 999 interactions; lower data.minUserInteractions.',
    ]);
  });

  it('refuses an unknown source', async () => {
    const error = await failureOf(loadDataset(config({ source: 'postgres:here' }), { seed: 1 }));
    expect([error.code, error.message]).toEqual([
      'DATASET_LAYOUT_UNKNOWN',
      'There is no source postgres:here; use synthetic, movielens:DIR, recbole:DIR or files:DIR.',
    ]);
  });
});
