// What serving needs of the towers. Nothing here may load tfjs.
export { TowerInputError, WeightFileError } from '../errors';
export type { TowerInputs, UserBatch } from '../model/types';
export { ServingUserTower } from './serving-user-tower';
