import type { Split } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import type { TwoTowerModel } from '@vector-recall/towers';
import { HistoryGatherer } from '../batches/histories';
import { Evaluator } from '../evaluation/evaluator';
import { modelScorer } from '../evaluation/model-scorer';
import { createTask } from '../evaluation/task';
import { infoNce } from '../losses/info-nce';
import type { NegativeStrategy } from '../negatives/strategies';

const CUTOFF = 100;

export interface ValidationResult {
  readonly loss: number;
  readonly hitRate100: number;
}

export interface ValidatorOptions {
  readonly seed: number;
  readonly batchSize: number;
  /** Divisor of the scores in the reported loss. */
  readonly temperature: number;
  /** Users drawn once, for all epochs. */
  readonly maxUsers: number;
}

/** Measures a model on the validation events of a fixed sample of users, in the same way after every epoch. */
export class Validator {
  readonly #evaluator: Evaluator;
  readonly #histories: HistoryGatherer;

  /** @throws TrainingDataError when no user has a validation event */
  constructor(
    private readonly model: TwoTowerModel,
    split: Split,
    private readonly options: ValidatorOptions,
  ) {
    const random = new RandomStream(options.seed, 'validation users');
    this.#evaluator = new Evaluator(createTask(split, 'validation', { maxUsers: options.maxUsers, random }), [CUTOFF]);
    this.#histories = new HistoryGatherer(split.log, model.config.historyLength);
  }

  async measure(strategy: NegativeStrategy, signal?: AbortSignal): Promise<ValidationResult> {
    const metrics = await this.#evaluator.evaluate(modelScorer(this.model, this.#evaluator.task), { signal });
    return { loss: this.#loss(strategy), hitRate100: metrics[`hitRate@${CUTOFF}`] };
  }

  /** Mean over the users. The stream starts anew at every call, so that every epoch sees the same negatives. */
  #loss(strategy: NegativeStrategy): number {
    const { users, targets, ends } = this.#evaluator.task;
    const { temperature } = this.options;
    const random = new RandomStream(this.options.seed, 'validation negatives');
    const blocks = Math.ceil(users.length / this.options.batchSize);
    let sum = 0;
    for (let block = 0; block < blocks; block++) {
      const first = Math.floor((users.length * block) / blocks);
      const last = Math.floor((users.length * (block + 1)) / blocks);
      const blockUsers = users.subarray(first, last);
      const histories = this.#histories.gather(
        blockUsers,
        blockUsers.map((user) => ends[user]),
      );
      const candidates = strategy.candidates(targets.subarray(first, last), random);
      sum += this.model.computeLoss(histories, candidates.items, infoNce(candidates, { temperature })) * (last - first);
    }
    return sum / users.length;
  }
}
