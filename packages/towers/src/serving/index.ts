// What serving needs of the towers. Nothing here may load tfjs.
export { TowerInputError, WeightFileError } from '../errors';
export type { TowerInputs, UserBatch } from '../model/types';
export type { StoredTowers } from '../persistence/tower-file';
export { readServingTowers, ServingUserTower } from './serving-user-tower';
