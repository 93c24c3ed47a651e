import type { Field } from '@vector-recall/datasets';
import type { Scorer } from '../scorer';
import type { EvaluationTask } from '../task';
import { TaskHistories } from './task-histories';

/**
 * Nearest neighbours by attributes (Lops, de Gemmis and Semeraro 2011, section 3.3.1), what is known of an item that nobody
 * has touched yet: an item is the vector of its fields side by side, each field of length one, and a user's score of an
 * item is its inner product with the sum of the vectors of their items.
 *
 * @param fields of the items, one entry for each row
 */
export function attributeKnnScorer(task: EvaluationTask, fields: readonly Field[]): Scorer {
  const histories = new TaskHistories(task);
  const items = new AttributeRows(fields, task.log.itemCount);
  return {
    name: 'attribute-kNN',
    score(users, columns, out) {
      const profiles = new Float32Array(users.length * items.width);
      for (const [item, places] of histories.byItem(users)) {
        for (const place of places) items.addTo(profiles, place * items.width, item);
      }
      for (let place = 0; place < users.length; place++) {
        for (let column = 0; column < columns.length; column++) {
          out[place * columns.length + column] = items.dot(profiles, place * items.width, columns[column]);
        }
      }
    },
  };
}

/** Rows of attributes, the places that are not zero with their values. */
class AttributeRows {
  /** Of a row that is written out. */
  readonly width: number;
  readonly #offsets: Int32Array;
  readonly #places: Int32Array;
  readonly #values: Float32Array;

  constructor(fields: readonly Field[], rowCount: number) {
    this.#offsets = new Int32Array(rowCount + 1);
    const places: number[] = [];
    const values: number[] = [];
    for (let row = 0; row < rowCount; row++) {
      let start = 0;
      for (const field of fields) {
        const entries = entriesOf(field, row);
        const length = Math.sqrt(entries.reduce((sum, [, value]) => sum + value * value, 0));
        for (const [place, value] of entries) {
          places.push(start + place);
          values.push(value / length);
        }
        start += widthOf(field);
      }
      this.#offsets[row + 1] = places.length;
    }
    this.width = fields.reduce((sum, field) => sum + widthOf(field), 0);
    this.#places = Int32Array.from(places);
    this.#values = Float32Array.from(values);
  }

  addTo(out: Float32Array, start: number, row: number): void {
    for (let at = this.#offsets[row]; at < this.#offsets[row + 1]; at++)
      out[start + this.#places[at]] += this.#values[at];
  }

  dot(vectors: Float32Array, start: number, row: number): number {
    let sum = 0;
    for (let at = this.#offsets[row]; at < this.#offsets[row + 1]; at++) {
      sum += vectors[start + this.#places[at]] * this.#values[at];
    }
    return sum;
  }
}

function widthOf(field: Field): number {
  return 'width' in field ? field.width : field.count;
}

/** What a row has of a field, without zeros: a one for each label, or its numbers. */
function entriesOf(field: Field, row: number): readonly (readonly [place: number, value: number])[] {
  if (field.kind === 'category') return field.values[row] < 0 ? [] : [[field.values[row], 1]];
  if (field.kind === 'numbers' || field.kind === 'vectors') {
    const { values, width } = field;
    return Array.from(
      values.subarray(row * width, (row + 1) * width),
      (value, place) => [place, value] as const,
    ).filter(([, value]) => value !== 0);
  }
  const { offsets, values } = field;
  return Array.from(values.subarray(offsets[row], offsets[row + 1]), (place) => [place, 1] as const);
}
