export { loadDataset } from './load-dataset';
export { type ColdRows, holdOutCold } from './log/hold-out-cold';
export { splitAtRandom, type RandomSplitName } from './log/split-random';
export { splitLeaveLastOut, type Split } from './log/split-leave-last-out';
export type {
  CategoryColumn,
  Dataset,
  FeatureMatrix,
  GroundTruth,
  InteractionLog,
  Items,
  LoadOptions,
  LoadProgress,
  Standardisation,
  TagColumn,
  Users,
  Vocabulary,
} from './dataset';
export { DatasetError, type DatasetErrorCode, type Place } from './errors';
