import type { GroundTruth } from '@vector-recall/datasets';
import type { RandomStream } from '@vector-recall/random';
import type { Scorer } from './scorer';

/** The same list for everyone: what occurs most often. */
export function popularityScorer(counts: Int32Array): Scorer {
  let row = new Float32Array(0);
  return {
    name: 'popularity',
    prepare(columns) {
      row = Float32Array.from(columns, (item) => counts[item]);
    },
    score(users, columns, out) {
      for (let n = 0; n < users.length; n++) out.set(row, n * columns.length);
    },
  };
}

/**
 * Chance. Numbers are drawn once for twice the catalogue; every user reads them from a random place on, which makes
 * each user's order random at the cost of a copy.
 */
export function randomScorer(random: RandomStream): Scorer {
  let noise = new Float32Array(0);
  return {
    name: 'random',
    prepare(columns) {
      noise = Float32Array.from({ length: 2 * columns.length }, () => random.uniform());
    },
    score(users, columns, out) {
      for (let n = 0; n < users.length; n++) {
        const start = random.integer(columns.length + 1);
        out.set(noise.subarray(start, start + columns.length), n * columns.length);
      }
    },
  };
}

/** The planted preferences of a synthetic world: what no model can beat but by chance. */
export function truthScorer(truth: GroundTruth, itemCount: number): Scorer {
  const all = new Float32Array(itemCount);
  return {
    name: 'truth',
    score(users, columns, out) {
      for (let n = 0; n < users.length; n++) {
        truth.scoreItems(users[n], all);
        for (let c = 0; c < columns.length; c++) out[n * columns.length + c] = all[columns[c]];
      }
    },
  };
}
