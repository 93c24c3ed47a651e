import { isLabels, type FieldInput } from '../fields/field-input';
import { loadField } from '../fields/load-field';
import type { ServingField } from '../fields/serving-field';
import { appendToItems } from '../item-item/append';
import { itemItemOfItems, type ItemItemOfItems } from '../item-item/weights';
import type { ItemInputs } from '../model/types';
import { validateItemBatch } from '../model/validate';
import { weightOf, type StoredTowers } from '../persistence/tower-file';
import { loadTrunk } from './layers';
import { DoubleScratch } from './matrix';
import { ServingTrunk } from './serving-trunk';

/** What is known of the items of one batch, in the order of the tower's fields; the values of each are `[batch]`. */
export interface ItemBatch {
  /** `[batch]` rows of the training's items, -1 for an item that came later: it is known by its fields alone. */
  readonly items: Int32Array;
  readonly fields: readonly FieldInput[];
}

/**
 * The item tower in evaluation mode on plain arrays, for items whose attributes come while it serves. It gives the vectors
 * of `TwoTowerModel.encodeItems` to within 1e-5.
 */
export class ServingItemTower {
  /** `[items, idDim]` */
  readonly #ids: Float32Array;
  readonly #idDim: number;
  readonly #dim: number;
  readonly #itemItem?: ItemItemOfItems;
  readonly #inputWidth: number;
  /** Label fields stand before the fields of numbers, as in the model. */
  readonly #fields: readonly LoadedField[];
  readonly #trunk: ServingTrunk;
  readonly #scratch = new DoubleScratch();

  /**
   * @param towers with the weights of the item tower
   * @param inputs as at training: the same count, fields and widths; the values of the fields are not read
   * @throws WeightFileError where weights are missing or of another shape
   */
  constructor(
    towers: StoredTowers,
    private readonly inputs: ItemInputs,
  ) {
    const { idDim, embeddingDim } = towers.config;
    const { count, fields = [] } = inputs;
    this.#idDim = idDim;
    this.#dim = embeddingDim;
    this.#itemItem = itemItemOfItems(towers, count);
    this.#ids = weightOf(towers, 'item.id.table', [count, idDim]);
    const loaded = fields.map((field, place) => {
      const input = emptied(field);
      return { input, place, field: loadField(towers, 'item', input) };
    });
    this.#fields = [
      ...loaded.filter(({ input }) => isLabels(input)),
      ...loaded.filter(({ input }) => !isLabels(input)),
    ];
    this.#inputWidth = loaded.reduce((sum, { field }) => sum + field.width, idDim);
    this.#trunk = new ServingTrunk(loadTrunk(towers, 'item.mlp', this.#inputWidth));
  }

  /**
   * @returns `[batch, dim]`, each of length one
   * @throws TowerInputError where the batch does not fit the model
   */
  encode(batch: ItemBatch): Float32Array {
    validateItemBatch(batch, this.inputs);
    const rows = batch.items.length;
    const stride = this.#inputWidth;
    const values = this.#scratch.take(rows * stride);
    for (let row = 0; row < rows; row++) {
      const from = batch.items[row] * this.#idDim;
      // As in training, where the id of an item that is held out is not read.
      for (let i = 0; i < this.#idDim; i++) values[row * stride + i] = from < 0 ? 0 : this.#ids[from + i];
    }
    const places = Int32Array.from({ length: rows }, (_, row) => row);
    let offset = this.#idDim;
    for (const { field, input, place } of this.#fields) {
      Object.assign(input, batch.fields[place]);
      field.encode(places, { values, stride, offset });
      offset += field.width;
    }
    const vectors = this.#trunk.encode({ values, stride, offset: 0 }, rows);
    return this.#itemItem === undefined ? vectors : appendToItems(vectors, this.#dim, this.#itemItem, batch.items);
  }
}

interface LoadedField {
  /** Read by `field` at each encoding; its values are those of the batch. */
  readonly input: FieldInput;
  /** Among the inputs. */
  readonly place: number;
  readonly field: ServingField;
}

/** A field of the same shape and no rows. */
function emptied(field: FieldInput): FieldInput {
  if (field.kind === 'category') return { ...field, values: new Int32Array(0) };
  if (isLabels(field)) return { ...field, offsets: new Int32Array(1), values: new Int32Array(0) };
  return { ...field, values: new Float32Array(0) };
}
