import type { Attributes } from '../../columns/attributes';
import { float64Column } from '../../columns/growable';
import { rarestLabel, TagBuilder } from '../../columns/labels';
import { ownText } from '../../vocabulary/vocabulary-builder';

/** Tags on fewer films than this say more about one user than about films. */
const MIN_FILMS_PER_TAG = 5;
/** What the releases write where they know no genre. */
const NO_GENRE = new Set(['(no genres listed)', 'unknown', '']);
/** Listed as a genre, but a format of projection. */
const NOT_A_CATEGORY = 'IMAX';

/** Collects what the MovieLens releases say about films, in the order of their rows. */
export class FilmCollector {
  readonly #names: string[] = [];
  readonly #years = float64Column();
  readonly #tags = new TagBuilder();
  readonly #genres = new Map<string, string>();

  addFilm(row: number, title: string, genres: readonly string[]): void {
    this.#names.push(ownText(title));
    this.#years.push(yearOf(title));
    for (const genre of genres) {
      if (NO_GENRE.has(genre)) continue;
      this.#genres.set(genre.toLowerCase(), genre);
      this.#tags.add(row, genre);
    }
  }

  /** Adds a tag that a user gave, whatever its case and spacing. To be called after all films are added. */
  addUserTag(row: number, text: string): void {
    const tag = text.trim().toLowerCase().replace(/\s+/g, ' ');
    if (tag !== '') this.#tags.add(row, this.#genres.get(tag) ?? tag);
  }

  /**
   * The rarest genre as the category, all genres and the frequent user tags as tags, the year of release as a feature.
   * @param rows size of the catalogue
   */
  build(rows: number): Attributes {
    const genres = new Set(this.#genres.values());
    const tags = this.#tags.build('tags', rows, (label, films) => genres.has(label) || films >= MIN_FILMS_PER_TAG);
    const genre = tags && rarestLabel('genre', tags, (label) => genres.has(label) && label !== NOT_A_CATEGORY);
    const years = this.#years.toArray();
    return {
      names: this.#names,
      labels: [genre, tags].filter((field) => field !== undefined),
      numbers: years.every(Number.isNaN) ? [] : [{ name: 'year', values: years }],
    };
  }
}

/** The year in brackets at the end of a title, the first of a span of years; NaN without one. */
export function yearOf(title: string): number {
  const match = /\((\d{4})(?:[–-]\d{0,4})?\)\s*$/.exec(title);
  return match === null ? NaN : Number(match[1]);
}
