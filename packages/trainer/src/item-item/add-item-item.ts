import type { VectorRecallConfig } from '@vector-recall/core-config';
import { knownEnds, type Split } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import type { ItemItemWeights, TwoTowerModel } from '@vector-recall/towers';
import type { EaseWeights } from '../evaluation/yardsticks/ease';
import { easeOfSplit } from '../evaluation/yardsticks/ease-of-split';
import type { KnownEvents } from '../evaluation/yardsticks/interaction-matrix';
import { chooseShare } from './choose-share';
import { fitTerm } from './fit-term';

/** What validation has found of an item-item term for a model. */
export interface ItemItemChoice {
  /** How far it spreads scores, as a share of how far the towers do; absent where the model is better without one. */
  readonly share?: number;
  /** The term at that share, made from what comes before the validation events. */
  readonly term?: ItemItemWeights;
  /** Of EASE^R. */
  readonly lambda?: number;
}

/** Chooses by validation how much an item-item term should count for a model, which stays without it. */
export async function chooseItemItem(
  model: TwoTowerModel,
  split: Split,
  { model: { itemItemDim, historyEncoder }, training }: VectorRecallConfig,
  signal?: AbortSignal,
): Promise<ItemItemChoice> {
  // A rank is one less than the width; without histories there is nothing that the term could read.
  if (itemItemDim < 2 || historyEncoder === 'none') return {};
  const { seed } = training;
  const known = knownEvents(split, 'validation');
  const ease = await easeOfSplit(split, known, { seed, signal });
  if ('note' in ease) return {};
  const { lambda } = ease.weights;
  const term = fitTerm(model, ease.weights, known, itemItemDim - 1, new RandomStream(seed, 'item-item'));
  const withShare = (tried?: number): TwoTowerModel => {
    model.itemItem = tried === undefined ? undefined : atShare(term, tried);
    return model;
  };
  const share = await chooseShare(split, withShare, training, signal);
  model.itemItem = undefined;
  return share === undefined ? { lambda } : { lambda, share, term: atShare(term, share) };
}

/**
 * Gives a model the term that was chosen, from the events before a part of the split, which the model was trained on.
 * @returns EASE^R of these events, where it was fitted for the term
 */
export async function addItemItem(
  model: TwoTowerModel,
  split: Split,
  { share, term, lambda }: ItemItemChoice,
  part: 'validation' | 'test',
  config: VectorRecallConfig,
  signal?: AbortSignal,
): Promise<EaseWeights | undefined> {
  if (share === undefined) return undefined;
  if (part === 'validation' && term !== undefined) {
    model.itemItem = term;
    return undefined;
  }
  const { seed } = config.training;
  const known = knownEvents(split, part);
  const ease = await easeOfSplit(split, known, { seed, lambda, signal });
  if ('note' in ease) return undefined;
  const random = new RandomStream(seed, 'item-item');
  model.itemItem = atShare(fitTerm(model, ease.weights, known, config.model.itemItemDim - 1, random), share);
  return ease.weights;
}

/** Rounded as it is stored. */
function atShare(term: ItemItemWeights, share: number): ItemItemWeights {
  return { ...term, weight: Math.fround(share * term.weight) };
}

function knownEvents(split: Split, part: 'validation' | 'test'): KnownEvents {
  return { log: split.log, ends: knownEnds(split, part) };
}
