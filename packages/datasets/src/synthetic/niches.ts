import type { RandomStream } from '@vector-recall/random';
import { dot, LATENT_DIM, nearest, normalise, randomDirections } from './latent';

/** Enough items that a person with an interest in a niche finds more than they use, few enough to tell niches apart. */
const ITEMS_PER_NICHE = 100;
const MAX_NICHES = 4096;
const TAGS_PER_NICHE = 6;
const NEIGHBOURS = 8;
/** How fast interest fades from a niche to those beside it, in units of one over cosine. */
const NEIGHBOUR_SHARPNESS = 8;
/** Distance of a niche from the centre of its category, in lengths of that centre. */
const SPREAD = 0.9;

/**
 * The map of the synthetic world: small groups of items that appeal to the same people. A niche lies in the latent
 * space near its category; the tags whose directions are closest to it are its tags; an interest in a niche reaches
 * over to its neighbours.
 */
export interface Niches {
  readonly count: number;
  readonly categoryCount: number;
  readonly tagCount: number;
  /** `[count, LATENT_DIM]`, unit length. */
  readonly centres: Float64Array;
  /** `[count]` */
  readonly categories: Int32Array;
  /** `[count, tagsPerNiche]`, the closest first. */
  readonly tags: Int32Array;
  readonly tagsPerNiche: number;
  /** `[count, neighbourCount]`, the niche itself first. */
  readonly neighbours: Int32Array;
  readonly neighbourCount: number;
  /** `[count, neighbourCount]` share of an interest that goes to each neighbour; rows sum to 1. */
  readonly shares: Float64Array;
}

export function createNiches(itemCount: number, random: RandomStream): Niches {
  const count = Math.min(MAX_NICHES, Math.max(2, Math.round(itemCount / ITEMS_PER_NICHE)));
  const categoryCount = Math.max(2, Math.round(1.3 * Math.sqrt(count)));
  const tagCount = Math.max(8, Math.round(6 * Math.sqrt(count)));
  const categoryCentres = randomDirections(categoryCount, random);
  const offsets = randomDirections(count, random);
  const centres = new Float64Array(count * LATENT_DIM);
  // The first niches take one category each, so that none stays empty.
  const categories = Int32Array.from({ length: count }, (_, niche) =>
    niche < categoryCount ? niche : random.integer(categoryCount),
  );
  categories.forEach((category, niche) => {
    for (let d = 0; d < LATENT_DIM; d++) {
      const at = niche * LATENT_DIM + d;
      centres[at] = categoryCentres[category * LATENT_DIM + d] + SPREAD * offsets[at];
    }
    normalise(centres, niche);
  });

  const tagDirections = randomDirections(tagCount, random);
  const tagsPerNiche = Math.min(TAGS_PER_NICHE, tagCount);
  const neighbourCount = Math.min(NEIGHBOURS, count);
  const tags = new Int32Array(count * tagsPerNiche);
  const neighbours = new Int32Array(count * neighbourCount);
  const shares = new Float64Array(count * neighbourCount);
  for (let niche = 0; niche < count; niche++) {
    tags.set(nearest(centres, niche, tagDirections, tagsPerNiche), niche * tagsPerNiche);
    const near = nearest(centres, niche, centres, neighbourCount);
    const weights = Array.from(near, (other) =>
      Math.exp(NEIGHBOUR_SHARPNESS * (dot(centres, niche, centres, other) - 1)),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    neighbours.set(near, niche * neighbourCount);
    shares.set(
      weights.map((weight) => weight / total),
      niche * neighbourCount,
    );
  }
  return {
    count,
    categoryCount,
    tagCount,
    centres,
    categories,
    tags,
    tagsPerNiche,
    neighbours,
    neighbourCount,
    shares,
  };
}
