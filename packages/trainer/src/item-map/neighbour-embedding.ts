import { principalComponents } from './principal-components';

/** How many neighbours count for each row (van der Maaten and Hinton 2008). */
const PERPLEXITY = 30;

const ROUNDS = 300;

/** Rounds in which neighbours attract each other more than they should, so that groups come together. */
const EXAGGERATED_ROUNDS = 100;
const EXAGGERATION = 8;

/** Halvings that find the width of a row's neighbourhood, at most, and how near its entropy comes to the wanted one. */
const HALVINGS = 40;
const ENTROPY_ERROR = 1e-5;

/**
 * Rows in two dimensions so that the neighbours of each stay near it: t-SNE (van der Maaten and Hinton 2008) with all
 * pairs, for up to a few hundred rows. It begins with the principal components and draws nothing at random, so that the
 * same rows give the same picture.
 *
 * @param rows `[n, dim]`
 * @returns `[n, 2]`
 */
export function embedNeighbours(rows: Float32Array, dim: number): Float64Array {
  const count = rows.length / dim;
  const { points: start } = principalComponents(rows, dim);
  if (count < 4) return start;
  const wanted = affinities(squaredDistances(rows, dim), count);
  const reach = start.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const points = start.map((value) => (reach === 0 ? 0 : (0.01 * value) / reach));
  const velocity = new Float64Array(points.length);
  const gains = new Float64Array(points.length).fill(1);
  const closeness = new Float64Array(count * count);
  // A rate in step with the number of rows (Belkina et al. 2019).
  const rate = Math.max(10, count / EXAGGERATION);
  for (let round = 0; round < ROUNDS; round++) {
    const early = round < EXAGGERATED_ROUNDS;
    const gradient = gradientOf(points, wanted, early ? EXAGGERATION : 1, closeness);
    const momentum = early ? 0.5 : 0.8;
    for (let at = 0; at < points.length; at++) {
      const turns = gradient[at] > 0 === velocity[at] > 0;
      gains[at] = turns ? Math.max(0.01, gains[at] * 0.8) : gains[at] + 0.2;
      velocity[at] = momentum * velocity[at] - rate * gains[at] * gradient[at];
      points[at] += velocity[at];
    }
  }
  return points;
}

/** @returns `[n, n]` */
function squaredDistances(rows: Float32Array, dim: number): Float64Array {
  const count = rows.length / dim;
  const distances = new Float64Array(count * count);
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < a; b++) {
      let sum = 0;
      for (let i = 0; i < dim; i++) sum += (rows[a * dim + i] - rows[b * dim + i]) ** 2;
      distances[a * count + b] = sum;
      distances[b * count + a] = sum;
    }
  }
  return distances;
}

/** How much each pair should be neighbours, symmetric, 1 in all; `[n, n]`. */
function affinities(distances: Float64Array, count: number): Float64Array {
  const entropy = Math.log(Math.min(PERPLEXITY, (count - 1) / 3));
  const conditional = new Float64Array(count * count);
  for (let row = 0; row < count; row++) {
    const weights = conditional.subarray(row * count, (row + 1) * count);
    fillWeights(weights, distances.subarray(row * count, (row + 1) * count), row, entropy);
  }
  return conditional.map((weight, at) => {
    const mirrored = (at % count) * count + Math.floor(at / count);
    return Math.max((weight + conditional[mirrored]) / (2 * count), 1e-12);
  });
}

/** Weights of a row's neighbours by a Gaussian whose width gives the wanted entropy. */
function fillWeights(weights: Float64Array, distances: Float64Array, self: number, entropy: number): void {
  let low = 0;
  let high = Infinity;
  // Relative to the nearest row, so that no weight underflows where all are far.
  const nearest = distances.reduce((least, value, at) => (at === self ? least : Math.min(least, value)), Infinity);
  let precision = 1;
  for (let halving = 0; halving < HALVINGS; halving++) {
    let total = 0;
    let spread = 0;
    for (let at = 0; at < weights.length; at++) {
      const distance = distances[at] - nearest;
      weights[at] = at === self ? 0 : Math.exp(-precision * distance);
      total += weights[at];
      spread += weights[at] * distance;
    }
    for (let at = 0; at < weights.length; at++) weights[at] /= total;
    const excess = Math.log(total) + (precision * spread) / total - entropy;
    if (Math.abs(excess) < ENTROPY_ERROR) return;
    if (excess > 0) low = precision;
    else high = precision;
    precision = high === Infinity ? precision * 2 : (low + high) / 2;
  }
}

/**
 * Of the Kullback-Leibler divergence between the wanted affinities and those of the points.
 *
 * @param closeness `[n, n]`, written over: one for all rounds
 */
function gradientOf(
  points: Float64Array,
  wanted: Float64Array,
  exaggeration: number,
  closeness: Float64Array,
): Float64Array {
  const count = points.length / 2;
  let total = 0;
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < a; b++) {
      const value = 1 / (1 + (points[2 * a] - points[2 * b]) ** 2 + (points[2 * a + 1] - points[2 * b + 1]) ** 2);
      closeness[a * count + b] = value;
      total += 2 * value;
    }
  }
  const gradient = new Float64Array(points.length);
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < a; b++) {
      const value = closeness[a * count + b];
      const pull = 4 * (exaggeration * wanted[a * count + b] - value / total) * value;
      const x = pull * (points[2 * a] - points[2 * b]);
      const y = pull * (points[2 * a + 1] - points[2 * b + 1]);
      gradient[2 * a] += x;
      gradient[2 * a + 1] += y;
      gradient[2 * b] -= x;
      gradient[2 * b + 1] -= y;
    }
  }
  return gradient;
}
