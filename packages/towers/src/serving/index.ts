// What serving needs of the towers. Nothing here may load tfjs.
export { TowerInputError, WeightFileError } from '../errors';
export type { FieldInput } from '../fields/field-input';
export type { TowerInputs, UserBatch } from '../model/types';
export type { StoredTowers } from '../persistence/tower-file';
export { readsItemVectors } from '../history/load-history';
export { ServingItemTower } from './serving-item-tower';
export { readServingTowers, ServingUserTower } from './serving-user-tower';

// What exporters of the towers need.
export { contextWeight } from '../fields/context/context-weight';
export { weightName } from '../fields/field-input';
export { fieldWidth } from '../fields/field-width';
export { typesWeight } from '../history/histories';
export { RecencyWeights } from '../history/recency/weights';
export { BATCH_NORM_EPSILON, L2_EPSILON, LAYER_NORM_EPSILON } from '../ops/epsilons';
export { ITEM_LENGTH, withoutTerm } from '../item-item/append';
export { itemItemOfItems, itemItemOfUsers, vectorWidth } from '../item-item/weights';
export { readTowers, weightOf } from '../persistence/tower-file';
