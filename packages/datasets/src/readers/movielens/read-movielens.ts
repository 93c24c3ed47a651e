import { CategoryBuilder } from '../../columns/labels';
import { float64Column } from '../../columns/growable';
import type { InputColumn } from '../../columns/standardise';
import type { Dataset } from '../../dataset';
import type { Table } from '../../tables/table';
import { TimeReader } from '../../tables/times';
import { idRowAt, labelsAt, numberAt, optionalNumberAt, textAt } from '../../tables/values';
import { DatasetBuilder } from '../dataset-builder';
import { describedRowAt, readRows, type ReadOptions } from '../reading';
import { FilmCollector } from './films';
import { recogniseLayout, type Layout } from './layouts';

/**
 * Reads a MovieLens release. Each rating is an interaction, whatever its stars: that a film was watched is what recall
 * has to foresee.
 */
export async function readMovieLens(folder: string, options: ReadOptions): Promise<Dataset> {
  const layout = await recogniseLayout(folder);
  const { onProgress } = options;
  const builder = new DatasetBuilder();
  const films = new FilmCollector();
  await readFilms(layout, builder, films, onProgress);
  builder.itemsAreDescribed();
  const userNumbers = layout.users === undefined ? [] : await readUsers(layout.users, builder, onProgress);
  if (layout.users !== undefined) builder.usersAreDescribed();
  const times = new TimeReader({ unit: 's' });
  const notes = await readRows(
    layout.ratings,
    ['userId', 'movieId', 'timestamp'],
    onProgress,
    (block, row) => {
      const user = idRowAt(block, row, 0, builder.users);
      const item = idRowAt(block, row, 1, builder.items);
      builder.log.push(user, item, times.secondsAt(block, row, 2));
    },
    { required: 3 },
  );
  builder.notes.push(...notes);
  if (layout.tags !== undefined) {
    const tagNotes = await readRows(layout.tags, ['movieId', 'tag'], onProgress, (block, row) => {
      films.addUserTag(idRowAt(block, row, 0, builder.items), textAt(block, row, 1));
    });
    builder.notes.push(...tagNotes);
  }
  return builder.build({
    name: layout.name,
    minUserInteractions: options.minUserInteractions,
    users: { numbers: userNumbers },
    items: films.build(builder.items.size),
    log: { order: 'time' },
  });
}

async function readFilms(
  { films: table, genreFlags }: Layout,
  builder: DatasetBuilder,
  films: FilmCollector,
  onProgress: ReadOptions['onProgress'],
): Promise<void> {
  const columns = ['movieId', 'title', ...(genreFlags ?? ['genres'])];
  const notes = await readRows(table, columns, onProgress, (block, row) => {
    const film = describedRowAt(block, row, 0, builder.items);
    const genres =
      genreFlags === undefined
        ? labelsAt(block, row, 2, '|')
        : genreFlags.filter((_, flag) => numberAt(block, row, 2 + flag) === 1);
    films.addFilm(film, textAt(block, row, 1), genres);
  });
  builder.notes.push(...notes);
}

/** Age as a number, gender and occupation as flags. */
async function readUsers(
  table: Table,
  builder: DatasetBuilder,
  onProgress: ReadOptions['onProgress'],
): Promise<InputColumn[]> {
  const ages = float64Column();
  const genders = new CategoryBuilder();
  const occupations = new CategoryBuilder();
  const notes = await readRows(table, ['userId', 'age', 'gender', 'occupation'], onProgress, (block, row) => {
    const user = describedRowAt(block, row, 0, builder.users);
    ages.push(optionalNumberAt(block, row, 1));
    genders.set(user, textAt(block, row, 2));
    occupations.set(user, textAt(block, row, 3));
  });
  builder.notes.push(...notes);
  return [
    { name: 'age', values: ages.toArray() },
    ...genders.toInputs('gender', builder.users.size),
    ...occupations.toInputs('occupation', builder.users.size),
  ];
}
