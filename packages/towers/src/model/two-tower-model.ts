import type { ModelConfig } from '@vector-recall/core-config';
import type { RandomStream } from '@vector-recall/random';
import type { Gradients, Parameter, TowerInputs, UserBatch, VectorLoss } from './types';

export declare class TwoTowerModel {
  readonly config: ModelConfig;
  readonly inputs: TowerInputs;
  readonly parameters: ReadonlyMap<string, Parameter>;
  constructor(config: ModelConfig, inputs: TowerInputs, random: RandomStream);
  computeGradients(
    users: UserBatch,
    items: Int32Array,
    loss: VectorLoss,
    random: RandomStream,
  ): { loss: number; gradients: Gradients };
  computeLoss(users: UserBatch, items: Int32Array, loss: VectorLoss): number;
  encodeUsers(batch: UserBatch): Float32Array;
  encodeItems(rows: Int32Array): Float32Array;
  save(file: string): Promise<void>;
  static load(file: string, inputs: TowerInputs): Promise<TwoTowerModel>;
}
