import { AliasTable, type RandomStream } from '@vector-recall/random';
import { int32Column } from '../columns/growable';
import { standardiseAll } from '../columns/standardise';
import type { Items } from '../dataset';
import type { NumbersField, TagsField } from '../fields';
import { rangeVocabulary } from '../vocabulary/vocabularies';
import { LATENT_DIM } from './latent';
import type { Niches } from './niches';

/** Chance that an item carries the first, second, … tag of its niche. */
const TAG_CHANCES = [0.95, 0.85, 0.75, 0.6, 0.45, 0.3];
/** Chance of one tag that has nothing to do with the item. */
const STRAY_TAG_CHANCE = 0.1;
/** Latent dimensions that show in the numeric features, and the noise on them; a coordinate's own deviation is 0.25. */
const STYLE_FEATURES = 6;
const STYLE_NOISE = 0.2;
/** Noise on the logarithm of popularity, in its own standard deviations. */
const QUALITY_NOISE = 1;

/** The items of the synthetic world, what shows of them and what does not. */
export interface Catalogue {
  readonly items: Items;
  /** `[items]` niche of each item. */
  readonly niches: Int32Array;
  /** `[items]` share of each item in the events that follow no interest; sums to 1. */
  readonly popularity: Float64Array;
  /** `[niches]` sum of the popularity of a niche's items; above zero. */
  readonly nicheMass: Float64Array;
  /** Draws an item in proportion to popularity. */
  draw(random: RandomStream): number;
  /** Draws an item of a niche in proportion to popularity. */
  drawFrom(niche: number, random: RandomStream): number;
}

export function createCatalogue(itemCount: number, map: Niches, random: RandomStream): Catalogue {
  // The first items take one niche each, so that every niche has something to offer.
  const niches = Int32Array.from({ length: itemCount }, (_, item) =>
    item < map.count ? item : random.integer(map.count),
  );
  const popularity = drawPopularity(itemCount, random);
  const nicheMass = new Float64Array(map.count);
  niches.forEach((niche, item) => (nicheMass[niche] += popularity[item]));
  const all = new AliasTable(popularity);
  return {
    niches,
    popularity,
    nicheMass,
    draw: (stream) => all.sample(stream),
    drawFrom: nicheSampler(niches, popularity, map.count),
    items: {
      vocabulary: rangeVocabulary(itemCount, 1),
      fields: [
        {
          kind: 'category',
          name: 'category',
          labels: Array.from({ length: map.categoryCount }, (_, label) => `category-${label + 1}`),
          count: map.categoryCount,
          values: niches.map((niche) => map.categories[niche]),
        },
        drawTags(niches, map, random),
        drawFeatures(niches, popularity, map, random),
      ],
    },
  };
}

/**
 * Zipf's law with a flattened head (Mandelbrot 1953): popularity falls as 1 / (rank + q). With q of a thousand no
 * handful of items owns the log, as in a catalogue where people already know the blockbusters.
 */
function drawPopularity(itemCount: number, random: RandomStream): Float64Array {
  const ranks = Int32Array.from({ length: itemCount }, (_, item) => item);
  random.shuffle(ranks);
  const head = Math.min(1000, itemCount / 10);
  const popularity = Float64Array.from(ranks, (rank) => 1 / (rank + 1 + head));
  const total = popularity.reduce((sum, value) => sum + value, 0);
  return popularity.map((value) => value / total);
}

function nicheSampler(
  niches: Int32Array,
  popularity: Float64Array,
  count: number,
): (niche: number, random: RandomStream) => number {
  const members: number[][] = Array.from({ length: count }, () => []);
  niches.forEach((niche, item) => members[niche].push(item));
  const lists = members.map((list) => Int32Array.from(list));
  const tables = lists.map((list) => new AliasTable(Float64Array.from(list, (item) => popularity[item])));
  return (niche, random) => lists[niche][tables[niche].sample(random)];
}

function drawTags(niches: Int32Array, map: Niches, random: RandomStream): TagsField {
  const offsets = new Int32Array(niches.length + 1);
  const values = int32Column();
  niches.forEach((niche, item) => {
    const from = values.length;
    for (let place = 0; place < map.tagsPerNiche; place++) {
      if (random.uniform() < TAG_CHANCES[place]) values.push(map.tags[niche * map.tagsPerNiche + place]);
    }
    if (random.uniform() < STRAY_TAG_CHANCE) {
      const stray = random.integer(map.tagCount);
      let known = false;
      for (let at = from; at < values.length; at++) known ||= values.at(at) === stray;
      if (!known) values.push(stray);
    }
    offsets[item + 1] = values.length;
  });
  return {
    kind: 'tags',
    name: 'tags',
    count: map.tagCount,
    labels: Array.from({ length: map.tagCount }, (_, label) => `tag-${label + 1}`),
    offsets,
    values: values.toArray(),
  };
}

function drawFeatures(niches: Int32Array, popularity: Float64Array, map: Niches, random: RandomStream): NumbersField {
  const logs = popularity.map((share) => Math.log(share));
  const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
  const deviation = Math.sqrt(logs.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / logs.length);
  const quality = logs.map((value) => value + QUALITY_NOISE * deviation * random.normal());
  const styles = Array.from({ length: STYLE_FEATURES }, (_, d) => ({
    name: `style${d + 1}`,
    values: Float64Array.from(niches, (niche) => map.centres[niche * LATENT_DIM + d] + STYLE_NOISE * random.normal()),
  }));
  return standardiseAll([{ name: 'quality', values: quality }, ...styles], niches.length);
}
