import { join } from 'node:path';
import { DatasetError } from '../../errors';
import { csv, delimitedTable, type DelimitedFormat } from '../../tables/delimited-table';
import { exists } from '../../tables/files';
import { readText } from '../../tables/text-chunks';
import type { Table } from '../../tables/table';

/** A release of MovieLens: its tables, with columns named alike. */
export interface Layout {
  readonly name: string;
  /** userId, movieId, timestamp. */
  readonly ratings: Table;
  /** movieId, title and genres, or one 0/1 column for each of `genreFlags`. */
  readonly films: Table;
  readonly genreFlags?: readonly string[];
  /** movieId, tag. */
  readonly tags?: Table;
  /** userId, age, gender, occupation. */
  readonly users?: Table;
}

/** What a folder has to hold to be taken for a release. */
const KNOWN = 'ratings.csv and movies.csv, or ratings.dat and movies.dat, or u.data and u.item';

/**
 * Recognises a release by its files.
 * @throws DatasetError (`DATASET_LAYOUT_UNKNOWN`)
 */
export async function recogniseLayout(folder: string): Promise<Layout> {
  const has = (...names: string[]): Promise<boolean> =>
    Promise.all(names.map((name) => exists(join(folder, name)))).then((found) => found.every(Boolean));
  if (await has('ratings.csv', 'movies.csv')) return csvLayout(folder, await has('tags.csv'));
  if (await has('ratings.dat', 'movies.dat')) return datLayout(folder, await has('users.dat'), await has('tags.dat'));
  if (await has('u.data', 'u.item')) return hundredThousandLayout(folder, await has('u.user'), await has('u.genre'));
  const reason = (await exists(folder)) ? 'this folder holds no MovieLens release' : 'this folder does not exist';
  const code = (await exists(folder)) ? 'DATASET_LAYOUT_UNKNOWN' : 'DATASET_FILE_MISSING';
  throw new DatasetError(code, `${reason}; give a folder with ${KNOWN}.`, { file: folder });
}

/** ml-latest, ml-latest-small, ml-20m, ml-25m, ml-32m. */
function csvLayout(folder: string, hasTags: boolean): Layout {
  const table = (name: string): Table => delimitedTable(join(folder, name), csv);
  return {
    name: 'movielens',
    ratings: table('ratings.csv'),
    films: table('movies.csv'),
    ...(hasTags ? { tags: table('tags.csv') } : {}),
  };
}

/** ml-1m, which is latin1 and knows its users, and ml-10m, which is UTF-8 and has tags. */
function datLayout(folder: string, hasUsers: boolean, hasTags: boolean): Layout {
  const table = (name: string, ...header: string[]): Table =>
    delimitedTable(join(folder, name), unquoted('::', header, hasUsers ? 'latin1' : 'utf8'));
  return {
    name: hasUsers ? 'movielens-1m' : 'movielens-10m',
    ratings: table('ratings.dat', 'userId', 'movieId', 'rating', 'timestamp'),
    films: table('movies.dat', 'movieId', 'title', 'genres'),
    ...(hasTags ? { tags: table('tags.dat', 'userId', 'movieId', 'tag', 'timestamp') } : {}),
    ...(hasUsers ? { users: table('users.dat', 'userId', 'gender', 'age', 'occupation', 'zip') } : {}),
  };
}

/** ml-100k. */
async function hundredThousandLayout(folder: string, hasUsers: boolean, hasGenres: boolean): Promise<Layout> {
  const genreFlags = hasGenres ? await readGenres(join(folder, 'u.genre')) : GENRES_OF_100K;
  const table = (name: string, delimiter: string, header: readonly string[]): Table =>
    delimitedTable(join(folder, name), unquoted(delimiter, header, 'latin1'));
  return {
    name: 'movielens-100k',
    ratings: table('u.data', '\t', ['userId', 'movieId', 'rating', 'timestamp']),
    films: table('u.item', '|', ['movieId', 'title', 'releaseDate', 'videoReleaseDate', 'url', ...genreFlags]),
    genreFlags,
    ...(hasUsers ? { users: table('u.user', '|', ['userId', 'age', 'gender', 'occupation', 'zip']) } : {}),
  };
}

const GENRES_OF_100K =
  "unknown,Action,Adventure,Animation,Children's,Comedy,Crime,Documentary,Drama,Fantasy,Film-Noir,Horror,Musical,Mystery,Romance,Sci-Fi,Thriller,War,Western".split(
    ',',
  );

/** Lines of `name|number`, in the order of the flags. */
async function readGenres(file: string): Promise<string[]> {
  const lines = (await readText(file, 'latin1')).split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.map((line) => line.split('|')[0]);
}

function unquoted(delimiter: string, header: readonly string[], encoding: 'latin1' | 'utf8'): DelimitedFormat {
  return { delimiter, quotes: false, encoding, header };
}
