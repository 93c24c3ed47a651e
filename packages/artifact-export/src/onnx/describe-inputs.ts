import type { CatalogueField, Catalogue } from '@vector-recall/model-store';
import type { StoredTowers } from '@vector-recall/towers/serving';
import { inputName } from './towers';

/** The name of the file that says what the inputs mean. */
export const onnxInputsFile = 'inputs.json';

/** One input of a tower. */
export interface OnnxInput {
  readonly name: string;
  readonly type: 'int64' | 'float';
  readonly shape: readonly (number | string)[];
  readonly meaning: string;
  /** What a number of this input stands for, by place. */
  readonly labels?: readonly string[];
  /** The columns of numbers. */
  readonly columns?: readonly string[];
  /** Applied to raw numbers before they go in: `(raw - mean) / scale`. */
  readonly standardisation?: { readonly mean: readonly number[]; readonly scale: readonly number[] };
}

export interface OnnxTower {
  readonly file: string;
  /** The file with the id of each row. */
  readonly ids: string;
  readonly inputs: readonly OnnxInput[];
}

const batch = ['batch'] as const;

/** The inputs of the user tower, in the order of the graph. */
export function userInputs(
  { userFields = [], context = [], eventTypes }: Catalogue,
  { config }: StoredTowers,
): OnnxInput[] {
  const history: OnnxInput = {
    name: 'history',
    type: 'int64',
    shape: ['batch', config.historyLength],
    meaning: 'rows of items, the newest last; shorter histories are filled with -1 in front',
  };
  const types = eventTypes && {
    ...history,
    name: 'history_types',
    meaning: 'place in labels of the type of the event with each item of history; -1 is unknown, and beside no item',
    labels: eventTypes,
  };
  return [
    { name: 'id', type: 'int64', shape: batch, meaning: 'row of the user; -1 is a user that the model does not know' },
    ...userFields.map(fieldInput),
    ...context.map(({ name, labels }): OnnxInput => ({
      name: `context.${name}`,
      type: 'int64',
      shape: batch,
      meaning: 'place in labels; -1 is unknown',
      labels,
    })),
    ...(config.historyEncoder === 'none' ? [] : [history, ...(types ? [types] : [])]),
  ];
}

/** The inputs of the item tower. */
export function itemInputs({ itemFields = [] }: Catalogue): OnnxInput[] {
  const id: OnnxInput = { name: 'id', type: 'int64', shape: batch, meaning: 'row of the item; -1 is a new item' };
  return [id, ...itemFields.map(fieldInput)];
}

function fieldInput(field: CatalogueField): OnnxInput {
  const name = inputName(field);
  switch (field.kind) {
    case 'category':
      return { name, type: 'int64', shape: batch, meaning: 'place in labels; -1 is unknown', labels: field.labels };
    case 'path':
    case 'tags': {
      const meaning = 'places in labels, in any order; shorter lists are filled with -1';
      return { name, type: 'int64', shape: ['batch', 'count'], meaning, labels: field.labels };
    }
    case 'text': {
      const meaning = `buckets of hashed words and character n-grams, below ${field.count}; shorter lists are filled with -1`;
      return { name, type: 'int64', shape: ['batch', 'count'], meaning };
    }
    case 'numbers':
    case 'vectors': {
      const { width, standardisation } = field;
      const columns = field.kind === 'numbers' ? { columns: field.names } : {};
      const scaling = standardisation === undefined ? {} : { standardisation };
      const meaning = 'standardised values; all zero where nothing is known';
      return { name, type: 'float', shape: ['batch', width], meaning, ...columns, ...scaling };
    }
  }
}
