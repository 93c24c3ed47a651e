import { RandomStream } from '@vector-recall/random';
import type { Dataset, GroundTruth, InteractionLog, LoadOptions } from '../dataset';
import { DatasetError } from '../errors';
import { drawActivity } from './activity';
import { createCatalogue, type Catalogue } from './catalogue';
import { createNiches, type Niches } from './niches';
import { createTastes, INTERESTS, type Tastes } from './tastes';

/** Share of events that follow no interest but popularity alone. */
const WHIM = 0.1;
/** Draws of an item that the user already has before the world looks for any item that they lack. */
const MAX_REDRAWS = 200;
/** 1 January 2024, and the longest history. */
const FIRST_SECOND = 1_704_067_200;
const SPAN_SECONDS = 365 * 24 * 3600;
const PROGRESS_EVENTS = 1 << 18;

export interface WorldSize {
  readonly numUsers: number;
  readonly numItems: number;
  readonly numInteractions: number;
}

/**
 * A world with a known law. A user's next item comes
 * with probability {@link WHIM} out of the whole catalogue, p(i) = popularity(i);
 * else through an interest k, drawn with the user's weight at that time, and a niche j near it,
 * p(i) = Σ_k w_k(t) Σ_j share(j | k) popularity(i) / mass(j) for j the niche of i.
 * An item that the user already has is drawn again from the start, so that among the others the law keeps its order.
 */
export function createWorld(size: WorldSize, options: LoadOptions): Dataset {
  const { numUsers, numItems, numInteractions } = size;
  if (numInteractions > numUsers * numItems) {
    throw new DatasetError(
      'DATASET_WORLD_IMPOSSIBLE',
      `${numUsers} users can't have ${numInteractions} interactions with ${numItems} items, as no user has an item ` +
        'twice; ask for fewer interactions.',
    );
  }
  const stream = (purpose: string): RandomStream => new RandomStream(options.seed, `synthetic/${purpose}`);
  const map = createNiches(numItems, stream('niches'));
  const catalogue = createCatalogue(numItems, map, stream('items'));
  const tastes = createTastes(numUsers, map, catalogue.nicheMass, stream('users'));
  const counts = drawActivity(numUsers, numInteractions, numItems, stream('activity'));
  return {
    name: 'synthetic',
    users: tastes.users,
    items: catalogue.items,
    interactions: drawLog({ map, catalogue, tastes, counts, random: stream('events') }, options),
    truth: truthOf(map, catalogue, tastes),
    notes: [],
  };
}

interface World {
  readonly map: Niches;
  readonly catalogue: Catalogue;
  readonly tastes: Tastes;
  /** `[users]` events of each user. */
  readonly counts: Int32Array;
  readonly random: RandomStream;
}

function drawLog(world: World, { onProgress }: LoadOptions): InteractionLog {
  const { counts, random } = world;
  const itemCount = world.catalogue.niches.length;
  const offsets = new Int32Array(counts.length + 1);
  counts.forEach((count, user) => (offsets[user + 1] = offsets[user] + count));
  const total = offsets[counts.length];
  const items = new Int32Array(total);
  const timestamps = new Float64Array(total);
  const draw = itemDrawer(world);
  // The last user who took an item: membership in a history without a set per user.
  const takenBy = new Int32Array(itemCount).fill(-1);
  counts.forEach((count, user) => {
    let second = FIRST_SECOND + random.integer(SPAN_SECONDS);
    const meanGap = SPAN_SECONDS / Math.max(1, count);
    for (let event = 0; event < count; event++) {
      const at = offsets[user] + event;
      items[at] = draw(user, count === 1 ? 1 : event / (count - 1), takenBy);
      takenBy[items[at]] = user;
      timestamps[at] = second;
      second += 1 + Math.floor(-meanGap * Math.log(1 - random.uniform()));
      if (at % PROGRESS_EVENTS === 0) onProgress?.({ stage: 'drawing interactions', rows: at });
    }
  });
  return { userCount: counts.length, itemCount, offsets, items, timestamps };
}

/** Draws one item that the user does not have. */
function itemDrawer(world: World): (user: number, time: number, takenBy: Int32Array) => number {
  const { map, catalogue, tastes, random } = world;
  const weights = new Float64Array(INTERESTS);
  return (user, time, takenBy) => {
    tastes.weightsAt(user, time, weights);
    for (let redraw = 0; redraw < MAX_REDRAWS; redraw++) {
      const whim = random.uniform() < WHIM;
      const niche = whim ? -1 : drawNiche(user, weights);
      const item = whim ? catalogue.draw(random) : catalogue.drawFrom(niche, random);
      if (takenBy[item] !== user) return item;
    }
    // Only where a user has nearly everything they could like, in worlds of a few items.
    let item = random.integer(takenBy.length);
    while (takenBy[item] === user) item = (item + 1) % takenBy.length;
    return item;
  };

  function drawNiche(user: number, shares: Float64Array): number {
    const interest = tastes.interests[user * INTERESTS + pick(shares, 0, INTERESTS, random)];
    const from = interest * map.neighbourCount;
    return map.neighbours[from + pick(map.shares, from, map.neighbourCount, random)];
  }
}

/** Draws a place in [0, count) with the probabilities at `from` to `from + count - 1`. */
function pick(probabilities: Float64Array, from: number, count: number, random: RandomStream): number {
  let left = random.uniform();
  for (let place = 0; place < count - 1; place++) {
    left -= probabilities[from + place];
    if (left < 0) return place;
  }
  return count - 1;
}

function truthOf(map: Niches, catalogue: Catalogue, tastes: Tastes): GroundTruth {
  const { niches, popularity, nicheMass } = catalogue;
  return {
    scoreItems: (user, out) => {
      const weights = new Float64Array(INTERESTS);
      tastes.weightsAt(user, 1, weights);
      const factors = new Float64Array(map.count).fill(WHIM);
      weights.forEach((weight, k) => {
        const from = tastes.interests[user * INTERESTS + k] * map.neighbourCount;
        for (let place = from; place < from + map.neighbourCount; place++) {
          const niche = map.neighbours[place];
          factors[niche] += ((1 - WHIM) * weight * map.shares[place]) / nicheMass[niche];
        }
      });
      niches.forEach((niche, item) => {
        out[item] = popularity[item] * factors[niche];
      });
    },
  };
}
