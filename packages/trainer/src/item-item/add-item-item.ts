import type { VectorRecallConfig } from '@vector-recall/core-config';
import { knownEnds, type Split } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import type { ItemItemWeights, TwoTowerModel } from '@vector-recall/towers';
import type { EaseWeights } from '../evaluation/yardsticks/ease';
import { easeOfSplit } from '../evaluation/yardsticks/ease-of-split';
import type { KnownEvents } from '../evaluation/yardsticks/interaction-matrix';
import { chooseShare } from './choose-share';
import { fitTerm } from './fit-term';

/** How much an item-item term counts for a model that is better with one. */
export interface ChosenItemItem {
  /** How far it spreads scores, as a share of how far the towers do. */
  readonly share: number;
  /** Of EASE^R; chosen by validation where it is absent. */
  readonly lambda?: number;
}

/**
 * Chooses by validation how much an item-item term should count for a model, if it is better with one. The term knows what
 * comes before the validation events, and the model stays without it.
 */
export async function chooseItemItem(
  model: TwoTowerModel,
  split: Split,
  config: VectorRecallConfig,
  signal?: AbortSignal,
): Promise<ChosenItemItem | undefined> {
  const { itemItemDim, historyEncoder } = config.model;
  // A rank is one less than the width; without histories there is nothing that the term could read.
  if (itemItemDim < 2 || historyEncoder === 'none') return undefined;
  const { seed } = config.training;
  const known = knownEvents(split, 'validation');
  const ease = await easeOfSplit(split, known, { seed, signal });
  if ('note' in ease) return undefined;
  const term = fitTerm(model, ease.weights, known, itemItemDim - 1, new RandomStream(seed, 'item-item'));
  const share = await chooseShare(
    split,
    (tried) => {
      model.itemItem = tried === undefined ? undefined : atShare(term, tried);
      return model;
    },
    seed,
    signal,
  );
  model.itemItem = undefined;
  return share === undefined ? undefined : { share, lambda: ease.weights.lambda };
}

/**
 * Gives a model a term at a share that is known.
 * @param part what the model was trained on ends before the events of this part
 * @returns EASE^R of these events, which the term was made from
 */
export async function addItemItem(
  model: TwoTowerModel,
  split: Split,
  { share, lambda }: ChosenItemItem,
  part: 'validation' | 'test',
  config: VectorRecallConfig,
  signal?: AbortSignal,
): Promise<EaseWeights | undefined> {
  const { seed } = config.training;
  const known = knownEvents(split, part);
  const ease = await easeOfSplit(split, known, { seed, lambda, signal });
  if ('note' in ease) return undefined;
  const random = new RandomStream(seed, 'item-item');
  const term = fitTerm(model, ease.weights, known, config.model.itemItemDim - 1, random);
  model.itemItem = atShare(term, share);
  return ease.weights;
}

/** Rounded as it is stored. */
function atShare(term: ItemItemWeights, share: number): ItemItemWeights {
  return { ...term, weight: Math.fround(share * term.weight) };
}

function knownEvents(split: Split, part: 'validation' | 'test'): KnownEvents {
  return { log: split.log, ends: knownEnds(split, part) };
}
