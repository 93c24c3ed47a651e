import { type Initializer, TABLE_DEVIATION, tableNormal } from './parameter-set';
import type { ItemInputs } from './types';

/** Share of a row's variance that tells of the attributes; the rest tells items apart that have the same ones. */
const ATTRIBUTE_SHARE = 0.9;

/**
 * Rows of the item-id table that start from what an item is, so that items that are alike stand together before a single
 * event is seen: an id of few events is hardly learned, and histories are read through ids alone. (Pan et al. 2019 learn
 * such a start from the attributes; a random projection of them needs no training and keeps their angles.)
 *
 * A row is the sum of a random direction for its category, those of its tags over the root of their number, and those of
 * its features by their values, at the deviation of {@link tableNormal}. Without attributes it is that alone.
 */
export function fromAttributes({ count, categories, tags, features }: ItemInputs): Initializer {
  const kinds = [categories, tags, features].filter((input) => input !== undefined).length;
  if (kinds === 0) return tableNormal;
  return (values, shape, random) => {
    const [, dim] = shape;
    const directions = (labels: number): Float32Array =>
      Float32Array.from({ length: labels * dim }, () => random.normal());
    const add = (item: number, table: Float32Array, label: number, weight: number): void => {
      for (let d = 0; d < dim; d++) values[item * dim + d] += weight * table[label * dim + d];
    };

    tableNormal(values, shape, random);
    const noise = Math.sqrt(1 - ATTRIBUTE_SHARE);
    for (let at = 0; at < values.length; at++) values[at] *= noise;
    const scale = TABLE_DEVIATION * Math.sqrt(ATTRIBUTE_SHARE / kinds);
    if (categories) {
      const table = directions(categories.count);
      for (let item = 0; item < count; item++) {
        if (categories.values[item] >= 0) add(item, table, categories.values[item], scale);
      }
    }
    if (tags) {
      const table = directions(tags.count);
      for (let item = 0; item < count; item++) {
        const end = tags.offsets[item + 1];
        const each = scale / Math.sqrt(end - tags.offsets[item]);
        for (let at = tags.offsets[item]; at < end; at++) add(item, table, tags.values[at], each);
      }
    }
    if (features) {
      const { width } = features;
      const table = directions(width);
      const each = scale / Math.sqrt(width);
      for (let item = 0; item < count; item++) {
        for (let f = 0; f < width; f++) add(item, table, f, each * features.values[item * width + f]);
      }
    }
  };
}
