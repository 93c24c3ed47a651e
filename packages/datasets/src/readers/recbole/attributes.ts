import type { Attributes } from '../../columns/attributes';
import { CategoryBuilder, rarestLabel, TagBuilder } from '../../columns/labels';
import { float64Column } from '../../columns/growable';
import type { InputColumn, LabelColumn } from '../../columns/standardise';
import type { CategoryField, TagsField } from '../../fields';
import { DatasetError } from '../../errors';
import type { Block } from '../../tables/table';
import { labelsAt, numbersAt, optionalNumberAt, textAt } from '../../tables/values';
import { ownText } from '../../vocabulary/vocabulary-builder';
import type { Field } from './header';

/** A label with more values than this identifies rather than groups. */
const MAX_LABELS = 1000;
/** A label on fewer items is too rare to be learnt as a category; it stays a tag. */
const MIN_CATEGORY_ITEMS = 5;
/** One column of the feature matrix per value is too much beyond this. */
const MAX_FLAGS = 64;

/** Collects the fields of a `.user` or `.item` file, row by row. */
export class AttributeCollector {
  readonly #fields: readonly Field[];
  readonly #numbers = new Map<string, ReturnType<typeof float64Column>[]>();
  readonly #categories = new Map<string, CategoryBuilder>();
  readonly #tags = new Map<string, TagBuilder>();
  readonly #names: string[] = [];
  readonly #nameField: Field | undefined;

  /**
   * @param fields without the id, in the order of their columns in the blocks, which come after the id's
   * @param nameField the one of them that holds names
   */
  constructor(fields: readonly Field[], nameField: Field | undefined) {
    this.#fields = fields;
    this.#nameField = nameField;
  }

  take(block: Block, row: number, target: number): void {
    this.#fields.forEach((field, index) => {
      const column = index + 1;
      if (field === this.#nameField) {
        this.#names.push(ownText(textAt(block, row, column)));
        return;
      }
      switch (field.type) {
        case 'token':
          entry(this.#categories, field.name, CategoryBuilder).set(target, textAt(block, row, column));
          break;
        case 'token_seq':
          for (const label of labelsAt(block, row, column, ' '))
            entry(this.#tags, field.name, TagBuilder).add(target, label);
          break;
        case 'float':
          this.#pushNumbers(field.name, [optionalNumberAt(block, row, column)], block, row, column);
          break;
        case 'float_seq':
          this.#pushNumbers(field.name, numbersAt(block, row, column), block, row, column);
          break;
      }
    });
  }

  /** Numbers, and tokens as flags where they have few values. */
  toInputs(rows: number, notes: string[]): InputColumn[] {
    const flags = this.#fields
      .filter(({ type }) => type === 'token')
      .flatMap(({ name }): LabelColumn[] => this.#categories.get(name)?.toInputs(name, rows) ?? [])
      .filter(({ name, labels }) => {
        if (labels.length <= MAX_FLAGS) return true;
        notes.push(`The user field ${name} has ${labels.length} values, more than ${MAX_FLAGS}; it was excluded.`);
        return false;
      });
    if (this.#nameField !== undefined) {
      notes.push(`The user field ${this.#nameField.name} is a name; it was excluded.`);
    }
    for (const name of this.#tags.keys()) notes.push(`The user field ${name} is a list of tokens; it was excluded.`);
    return [...this.#numberInputs(), ...flags];
  }

  /**
   * The category is the rarest common label of the first list, or the first single label where there are no lists;
   * everything else that groups is a tag `field=label`.
   */
  toItemAttributes(rows: number, notes: string[]): Attributes {
    const tags = new TagBuilder();
    let category: CategoryField | undefined;
    for (const [name, builder] of this.#tags) {
      const column = builder.build(name, rows);
      if (column === undefined) continue;
      category ??= rarestLabel(name, column, (_, count) => count >= MIN_CATEGORY_ITEMS);
      addTags(tags, name, column);
    }
    for (const [name, builder] of this.#categories) {
      const column = builder.build(name, rows);
      if (column === undefined) continue;
      if (column.labels.length > MAX_LABELS) {
        notes.push(
          `The item field ${name} has ${column.labels.length} values, more than ${MAX_LABELS}; it was excluded.`,
        );
      } else if (category === undefined) category = column;
      else addTags(tags, name, asTags(column));
    }
    return {
      ...(this.#nameField === undefined ? {} : { names: this.#names }),
      labels: [category, tags.build('tags', rows)].filter((field) => field !== undefined),
      numbers: this.#numberInputs(),
    };
  }

  #numberInputs(): InputColumn[] {
    return [...this.#numbers].flatMap(([name, columns]) =>
      columns.map((column, index) => ({
        name: columns.length === 1 ? name : `${name}${index + 1}`,
        values: column.toArray(),
      })),
    );
  }

  /** The first row says how many numbers a field holds. */
  #pushNumbers(name: string, numbers: readonly number[], block: Block, row: number, column: number): void {
    let columns = this.#numbers.get(name);
    if (columns === undefined) {
      columns = numbers.map(() => float64Column());
      this.#numbers.set(name, columns);
    }
    if (columns.length !== numbers.length) {
      throw new DatasetError(
        'DATASET_ROW_MALFORMED',
        `this row holds ${numbers.length} numbers where the first holds ${columns.length}; give each row as many.`,
        block.place(row, column),
      );
    }
    columns.forEach((values, index) => {
      values.push(numbers[index]);
    });
  }
}

/** Adds the labels of one field under its name, so that `2000` the year and `2000` the price class stay two tags. */
function addTags(tags: TagBuilder, name: string, { labels, offsets, values }: TagsField): void {
  for (let row = 0; row + 1 < offsets.length; row++) {
    for (const label of values.subarray(offsets[row], offsets[row + 1])) tags.add(row, `${name}=${labels[label]}`);
  }
}

function asTags({ name, labels, count, values }: CategoryField): TagsField {
  const offsets = new Int32Array(values.length + 1);
  values.forEach((label, row) => (offsets[row + 1] = offsets[row] + (label >= 0 ? 1 : 0)));
  return { kind: 'tags', name, labels, count, offsets, values: values.filter((label) => label >= 0) };
}

function entry<T>(map: Map<string, T>, name: string, Builder: new () => T): T {
  let value = map.get(name);
  if (value === undefined) {
    value = new Builder();
    map.set(name, value);
  }
  return value;
}
