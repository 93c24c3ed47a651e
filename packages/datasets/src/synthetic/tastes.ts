import { AliasTable, type RandomStream } from '@vector-recall/random';
import { standardiseAll } from '../columns/standardise';
import type { Users } from '../dataset';
import type { NumbersField } from '../fields';
import { rangeVocabulary } from '../vocabulary/vocabularies';
import { LATENT_DIM } from './latent';
import type { Niches } from './niches';

/** Niches that a user cares about. */
export const INTERESTS = 4;
/** Chance that a further interest lies beside the first one. */
const RELATED_CHANCE = 0.5;
/** Spread of how much a user cares for each interest, and of how much that changes over the history; logits. */
const WEIGHT_SPREAD = 0.5;
const DRIFT_SPREAD = 1.5;
/** Latent dimensions that show in the numeric features, and the noise on them; the mean of four has deviation 0.15. */
const TASTE_FEATURES = 8;
const TASTE_NOISE = 0.15;

/** What the users of the synthetic world care about. */
export interface Tastes {
  readonly users: Users;
  /** `[users, INTERESTS]` niches. */
  readonly interests: Int32Array;
  /**
   * How a user's attention is shared among their interests.
   * @param time 0 at the first event, 1 at the last
   * @param out `[INTERESTS]`, overwritten, sums to 1
   */
  weightsAt(user: number, time: number, out: Float64Array): void;
}

export function createTastes(userCount: number, map: Niches, nicheMass: Float64Array, random: RandomStream): Tastes {
  const niches = new AliasTable(nicheMass);
  const interests = new Int32Array(userCount * INTERESTS);
  const start = new Float32Array(userCount * INTERESTS);
  const drift = new Float32Array(userCount * INTERESTS);
  for (let at = 0; at < interests.length; at++) {
    const first = interests[at - (at % INTERESTS)];
    const related = at % INTERESTS > 0 && random.uniform() < RELATED_CHANCE;
    interests[at] = related
      ? map.neighbours[first * map.neighbourCount + random.integer(map.neighbourCount)]
      : niches.sample(random);
    start[at] = WEIGHT_SPREAD * random.normal();
    drift[at] = DRIFT_SPREAD * random.normal();
  }
  return {
    interests,
    weightsAt: (user, time, out) => {
      let total = 0;
      for (let k = 0; k < INTERESTS; k++) {
        const at = user * INTERESTS + k;
        out[k] = Math.exp(start[at] + drift[at] * (time - 0.5));
        total += out[k];
      }
      for (let k = 0; k < INTERESTS; k++) out[k] /= total;
    },
    users: { vocabulary: rangeVocabulary(userCount, 1), fields: [drawFeatures(interests, userCount, map, random)] },
  };
}

function drawFeatures(interests: Int32Array, userCount: number, map: Niches, random: RandomStream): NumbersField {
  const columns = Array.from({ length: TASTE_FEATURES }, (_, d) => {
    const values = new Float64Array(userCount);
    for (let user = 0; user < userCount; user++) {
      let sum = 0;
      for (let k = 0; k < INTERESTS; k++) sum += map.centres[interests[user * INTERESTS + k] * LATENT_DIM + d];
      values[user] = sum / INTERESTS + TASTE_NOISE * random.normal();
    }
    return { name: `taste${d + 1}`, values };
  });
  return standardiseAll(columns, userCount);
}
