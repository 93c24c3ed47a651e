import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { LoadProgress } from '../../dataset';
import { makeFolder, removeFolders } from '../../testing/folders';
import { categoryOf, eventsOf, failureOf, fieldOf, tagsOf } from '../../testing/inspect';
import { yearOf } from './films';
import { readMovieLens } from './read-movielens';

afterEach(removeFolders);

const options = { minUserInteractions: 1 };

const latest = {
  'ratings.csv': 'userId,movieId,rating,timestamp\n1,10,4.0,300\n1,20,3.5,100\n2,10,5.0,50\n1,40,0.5,200\n',
  'movies.csv':
    'movieId,title,genres\n10,"Quiet, Please (1995)",Drama|Western\n20,Lines (2001),Drama\n' +
    '30,Nobody Knows,(no genres listed)\n40,Twice (2006–2007),Drama|IMAX\n',
  'tags.csv': 'userId,movieId,tag,timestamp\n1,10,Slow  Burn,1\n1,20,drama,1\n2,20,rare,1\n',
};

describe('the CSV releases', () => {
  it('are read with genres, years and titles', async () => {
    const dataset = await readMovieLens(makeFolder(latest), options);
    expect(dataset.name).toBe('movielens');
    expect(eventsOf(dataset)).toEqual([
      [1, 20, 100],
      [1, 40, 200],
      [1, 10, 300],
      [2, 10, 50],
    ]);
    expect(dataset.items.names).toEqual(['Quiet, Please (1995)', 'Lines (2001)', 'Nobody Knows', 'Twice (2006–2007)']);
    expect([10, 20, 30, 40].map((id) => categoryOf(dataset, id))).toEqual(['Western', 'Drama', undefined, 'Drama']);
    expect([10, 20, 30].map((id) => tagsOf(dataset, id))).toEqual([['Drama', 'Western'], ['Drama'], []]);
    expect(fieldOf(dataset.items, 'numbers')?.names).toEqual(['year', 'yearMissing']);
    expect(fieldOf(dataset.items, 'numbers')?.standardisation?.mean[0]).toBeCloseTo((1995 + 2001 + 2006) / 3, 9);
    expect([fieldOf(dataset.users, 'numbers'), dataset.notes]).toEqual([undefined, []]);
  });

  it('keep the tags that users gave to five films or more, in one spelling', async () => {
    const films = [1, 2, 3, 4, 5];
    const dataset = await readMovieLens(
      makeFolder({
        'movies.csv': `movieId,title,genres\n${films.map((film) => `${film},F,War`).join('\n')}\n`,
        'ratings.csv': 'userId,movieId,rating,timestamp\n1,1,4.0,300\n',
        'tags.csv': `userId,movieId,tag,timestamp\n${films.map((film) => `1,${film},${film % 2 ? 'Dark  Comedy' : ' dark comedy'},1`).join('\n')}\n2,1,seen,1\n`,
      }),
      options,
    );
    expect(fieldOf(dataset.items, 'tags')?.labels).toEqual(['War', 'dark comedy']);
    expect(tagsOf(dataset, 5)).toEqual(['War', 'dark comedy']);
  });

  it('take in films that only the log knows, and say so', async () => {
    const dataset = await readMovieLens(
      makeFolder({ ...latest, 'ratings.csv': `${latest['ratings.csv']}2,99,1.0,60\n` }),
      options,
    );
    expect(dataset.items.vocabulary.rowOf(99)).toBe(4);
    expect([categoryOf(dataset, 99), tagsOf(dataset, 99), dataset.items.names?.[4]]).toEqual([undefined, [], '']);
    expect(dataset.notes).toEqual(['1 items of the log are not described; they have no attributes.']);
  });

  it('tell how far they are', async () => {
    const seen: LoadProgress[] = [];
    await readMovieLens(makeFolder(latest), { ...options, onProgress: (progress) => seen.push(progress) });
    expect(seen).toContainEqual({ stage: 'reading movies.csv', rows: 4 });
    expect(seen).toContainEqual({ stage: 'reading ratings.csv', rows: 4 });
  });
});

describe('ml-1m and ml-10m', () => {
  const oneMillion = {
    'ratings.dat': '1::5::4::300\n2::5::3::100\n2::6::3::90\n',
    'movies.dat': Buffer.from("5::Amélie (2001)::Comedy|Romance\n6::'burbs, The (1989)::Comedy\n", 'latin1'),
    'users.dat': '1::F::1::10::48067\n2::M::56::16::70072\n3::M::25::7::02139\n',
  };

  it('give the users of ml-1m their age, gender and occupation', async () => {
    const dataset = await readMovieLens(makeFolder(oneMillion), options);
    expect(dataset.name).toBe('movielens-1m');
    expect(dataset.items.names).toEqual(['Amélie (2001)', "'burbs, The (1989)"]);
    expect(eventsOf(dataset)).toEqual([
      [1, 5, 300],
      [2, 6, 90],
      [2, 5, 100],
    ]);
    expect(fieldOf(dataset.users, 'numbers')?.names).toEqual([
      'age',
      'gender=F',
      'gender=M',
      'occupation=10',
      'occupation=16',
      'occupation=7',
    ]);
    // The ages 1 and 56 of the two users that have ratings are one deviation of 27.5 to either side of their mean.
    expect([...(fieldOf(dataset.users, 'numbers')?.values ?? [])]).toEqual([-1, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0]);
    expect(dataset.notes).toEqual(['1 users without an interaction were excluded.']);
  });

  it('read ml-10m as UTF-8', async () => {
    const dataset = await readMovieLens(
      makeFolder({
        'ratings.dat': '1::5::4::300\n',
        'movies.dat': '5::Amélie (2001)::Comedy\n',
        'tags.dat': '1::5::comedy::7\n',
      }),
      options,
    );
    expect([dataset.name, dataset.items.names]).toEqual(['movielens-10m', ['Amélie (2001)']]);
    expect(tagsOf(dataset, 5)).toEqual(['Comedy']);
  });
});

describe('ml-100k', () => {
  const flags = (...set: number[]): string =>
    Array.from({ length: 19 }, (_, flag) => Number(set.includes(flag))).join('|');
  const hundred = {
    'u.data': '1\t7\t3\t881250949\n1\t8\t3\t881250900\n',
    'u.item': Buffer.from(
      `7|Misérables, Les (1995)|01-Jan-1995||http://x|${flags(8, 17)}\n8|unknown||||${flags(0)}\n`,
      'latin1',
    ),
    'u.user': '1|24|M|technician|85711\n',
  };

  it('is read with its genre flags', async () => {
    const dataset = await readMovieLens(makeFolder(hundred), options);
    expect(dataset.name).toBe('movielens-100k');
    expect(eventsOf(dataset).map(([, item]) => item)).toEqual([8, 7]);
    expect(dataset.items.names?.[0]).toBe('Misérables, Les (1995)');
    expect([tagsOf(dataset, 7), tagsOf(dataset, 8)]).toEqual([['Drama', 'War'], []]);
    expect(fieldOf(dataset.users, 'numbers')?.names).toEqual(['age', 'gender=M', 'occupation=technician']);
  });

  it('takes the names of the genres from u.genre', async () => {
    const genres = Array.from({ length: 19 }, (_, flag) => `G${flag}|${flag}`).join('\n');
    const dataset = await readMovieLens(makeFolder({ ...hundred, 'u.genre': `${genres}\n\n` }), options);
    expect(tagsOf(dataset, 7)).toEqual(['G8', 'G17']);
  });
});

describe('what is wrong with a release', () => {
  it.each([
    [
      'a film twice',
      { 'movies.csv': 'movieId,title,genres\n10,A,\n10,B,\n' },
      'DATASET_DUPLICATE_ROW',
      'movies.csv',
      3,
    ],
    ['an empty log', { 'ratings.csv': 'userId,movieId,rating,timestamp\n' }, 'DATASET_EMPTY', undefined, undefined],
    [
      'a time that is no number',
      { 'ratings.csv': 'userId,movieId,rating,timestamp\n1,10,4,100\n1,20,4,soon\n' },
      'DATASET_NUMBER_INVALID',
      'ratings.csv',
      3,
    ],
    [
      'missing times',
      { 'ratings.csv': 'userId,movieId,rating,timestamp\n1,10,4,\n' },
      'DATASET_EMPTY',
      undefined,
      undefined,
    ],
    [
      'another header',
      { 'ratings.csv': 'user,movieId,rating,timestamp\n' },
      'DATASET_COLUMN_UNKNOWN',
      'ratings.csv',
      undefined,
    ],
  ])('is told for %s', async (_, files, code, file, line) => {
    const folder = makeFolder({ ...latest, ...files });
    const error = await failureOf(readMovieLens(folder, options));
    expect([error.code, error.file, error.line]).toEqual([code, file && resolve(folder, file), line]);
  });

  it('is told for a duplicate in words', async () => {
    const folder = makeFolder({ ...latest, 'movies.csv': 'movieId,title,genres\n10,A,\n10,B,\n' });
    const error = await failureOf(readMovieLens(folder, options));
    expect(error.message).toBe(
      `${folder}/movies.csv, line 3, column movieId: the item 10 has been described before; keep one row for each.`,
    );
  });

  it('is told for a folder without one, and for no folder', async () => {
    const empty = makeFolder({});
    const unknown = await failureOf(readMovieLens(empty, options));
    expect(unknown.code).toBe('DATASET_LAYOUT_UNKNOWN');
    expect(unknown.message).toBe(
      `${empty}: this folder holds no MovieLens release; give a folder with ratings.csv and movies.csv, ` +
        'or ratings.dat and movies.dat, or u.data and u.item.',
    );
    const missing = await failureOf(readMovieLens('/nowhere', options));
    expect([missing.code, missing.message.slice(0, 41)]).toEqual([
      'DATASET_FILE_MISSING',
      '/nowhere: this folder does not exist; give a folder'.slice(0, 41),
    ]);
  });
});

describe('yearOf', () => {
  it.each([
    ['Heat (1995)', 1995],
    ['Heat (1995) ', 1995],
    ['Series (2006–2007)', 2006],
    ['Series (2006-)', 2006],
    ['1984', NaN],
    ['Blade Runner (1982) cut', NaN],
  ])('of %p is %p', (title, year) => {
    expect(yearOf(title)).toBe(year);
  });
});

// The folder that VECTOR_RECALL_TEST_DATA names holds public logs.
const real = join(process.env.VECTOR_RECALL_TEST_DATA ?? '', 'ml-latest-small');
const describeReal = process.env.VECTOR_RECALL_TEST_DATA !== undefined && existsSync(real) ? describe : describe.skip;

describeReal('ml-latest-small itself (set VECTOR_RECALL_TEST_DATA to the folder that it is in)', () => {
  it('has the counts that its README states', async () => {
    const { users, items, interactions, notes } = await readMovieLens(real, options);
    expect([users.vocabulary.size, items.vocabulary.size, interactions.items.length]).toEqual([610, 9742, 100_836]);
    expect(items.names?.[items.vocabulary.rowOf(1) ?? -1]).toBe('Toy Story (1995)');
    // The 18 genres besides IMAX.
    expect(fieldOf(items, 'category')?.labels).toHaveLength(18);
    expect(notes).toEqual([]);
  });
});
