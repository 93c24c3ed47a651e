export { checkSource } from './check-source';
export { lookAtFolder, type StarterSource } from './starter/look-at-folder';
export type { NamedColumns } from './starter/describe-tables';
export { loadDataset } from './load-dataset';
export { type ColdRows, holdOutCold } from './log/hold-out-cold';
export { splitAtRandom, type RandomSplitName } from './log/split-random';
export { isAcquisition, isRepeat, type RepeatRule } from './log/repeats';
export { dateOf, timeSpan } from './log/time-span';
export { chooseRepeatRule } from './log/choose-repeat-rule';
export { knownEnds, type Split, withValidation } from './log/split';
export { splitLeaveLastOut } from './log/split-leave-last-out';
export type {
  ContextColumn,
  Dataset,
  EventTypes,
  GroundTruth,
  InteractionLog,
  Items,
  LoadOptions,
  LoadProgress,
  NegativeSignals,
  Quantity,
  Users,
  Vocabulary,
} from './dataset';
export type {
  CategoryField,
  Field,
  LabelsField,
  NumbersField,
  PathField,
  Standardisation,
  TagsField,
  TextField,
  VectorsField,
} from './fields';
export { DatasetError, type DatasetErrorCode, type Place } from './errors';
