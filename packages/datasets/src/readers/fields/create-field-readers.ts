import type { FieldsDescription } from '../files/fields-description';
import { CategoryReader } from './category-reader';
import { DateReader } from './date-reader';
import { FeatureReader } from './feature-reader';
import type { FieldReader } from './field-reader';
import { PathReader } from './path-reader';
import { TagsReader } from './tags-reader';
import { TextReader } from './text-reader';

/** The readers of all fields that a section of `dataset.yaml` names; a new kind of column is a reader and a line here. */
export function createFieldReaders({ categories, tags, features, dates, text }: FieldsDescription): FieldReader[] {
  return [
    ...categories.map(({ column, separator }) =>
      separator === undefined ? new CategoryReader(column) : new PathReader(column, separator),
    ),
    ...tags.map(({ column, separator }) => new TagsReader(column, separator)),
    ...features.map(({ column, missing }) => new FeatureReader(column, missing)),
    ...dates.map(({ column, ...format }) => new DateReader(column, format)),
    ...text.map((column) => new TextReader(column)),
  ];
}
