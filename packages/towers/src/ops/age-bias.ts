import * as tf from '@tensorflow/tfjs';
import { differentiable } from './differentiable';
import { hostView } from './host-view';

/** Takes a later place out of a softmax; exp of it is zero in 32 bits. */
const HIDDEN = -1e9;

/**
 * What is added to attention scores at every place of a sequence, by how far back the other place lies (the relative
 * bias of Raffel et al. 2020, section 2.1, with one bucket an age): bias `[heads, ages]` → `[heads, length, length]`,
 * whose entry (h, to, from) is `bias[h, to − from]`. Later places are hidden.
 *
 * @param length at most the number of ages
 */
export function ageBias(bias: tf.Tensor2D, length: number): tf.Tensor3D {
  const [heads, ages] = bias.shape;
  return differentiable([bias], () => {
    const values = hostView(bias);
    const out = new Float32Array(heads * length * length).fill(HIDDEN);
    eachPlace(heads, ages, length, (place, entry) => {
      out[place] = values[entry];
    });
    return {
      value: tf.tensor3d(out, [heads, length, length]),
      saved: [],
      gradient: (dy) => {
        const slopes = hostView(dy);
        const sums = new Float64Array(heads * ages);
        eachPlace(heads, ages, length, (place, entry) => {
          sums[entry] += slopes[place];
        });
        return [tf.tensor2d(Float32Array.from(sums), [heads, ages])];
      },
    };
  });
}

/** Visits the places that are seen: their index in `[heads, length, length]`, and that of their age in `[heads, ages]`. */
function eachPlace(heads: number, ages: number, length: number, visit: (place: number, entry: number) => void): void {
  for (let head = 0; head < heads; head++) {
    for (let to = 0; to < length; to++) {
      for (let from = 0; from <= to; from++) {
        visit((head * length + to) * length + from, head * ages + to - from);
      }
    }
  }
}
