export { choosePrecision } from './backend/choose-precision';
export { selectBackend, type Backend, type BackendName } from './backend/select-backend';
export { BackendUnavailableError, PrecisionUnavailableError, TowerInputError, WeightFileError } from './errors';
export { contextWeight } from './fields/context/context-weight';
export { weightName } from './fields/field-input';
export type { ContextInput, DenseInput, FieldInput, FieldKind, LabelInput, LabelListInput } from './fields/field-input';
export { typesWeight } from './history/histories';
export { termOf, termsOfUsers } from './item-item/append';
export type { ItemItemWeights } from './item-item/weights';
export { TwoTowerModel, type StepResult } from './model/two-tower-model';
export type {
  Gradients,
  ItemInputs,
  Parameter,
  TableGradient,
  TowerInputs,
  UserBatch,
  UserInputs,
  VectorLoss,
} from './model/types';

// For losses: differentiable ops that are fast on every backend.
export { LEFT_OUT } from './ops/column-bias';
export { contrastiveLoss, type ScoreColumns } from './ops/contrastive-loss';
export { poolLoss, type PoolColumns } from './ops/pool-loss';
export { type Precision, withPrecision } from './ops/precision';
export { batchedScores, pairwiseScores, rowwiseDot, weightedSum } from './ops/scores';

// For the optimiser: the loops over tables that are native where a compiler was at hand, and memory for its moments.
export { tableMemory } from './embedding/table-memory';
export { hostKernels, type HostKernels } from './native/host-kernels';

// For the artifact and checkpoints.
export { readSafetensors, type SafetensorsContent } from './persistence/read-safetensors';
export type { NamedTensor, TensorValues } from './persistence/safetensors-header';
export { TOWER_FILE } from './persistence/tower-file';
export { writeSafetensors } from './persistence/write-safetensors';
