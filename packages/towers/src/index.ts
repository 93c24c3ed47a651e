export { selectBackend, type Backend, type BackendName } from './backend/select-backend';
export { BackendUnavailableError, TowerInputError, WeightFileError } from './errors';
export type {
  CategoryInput,
  FeatureInput,
  Gradients,
  ItemInputs,
  Parameter,
  TableGradient,
  TagInput,
  TowerInputs,
  UserBatch,
  UserInputs,
  VectorLoss,
} from './model/types';
export { TwoTowerModel } from './model/two-tower-model';
