import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import type { TrainingConfig } from '@vector-recall/core-config';
import type { Split } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import { choosePrecision, type Precision, type TwoTowerModel, withPrecision } from '@vector-recall/towers';
import type { Batches } from '../batches/batches';
import { EventBatches } from '../batches/event-batches';
import { countPositives } from '../batches/item-counts';
import { SequenceBatches } from '../batches/sequence-batches';
import { DivergedError, TrainingInterruptedError } from '../errors';
import { infoNce } from '../losses/info-nce';
import { createNegativeStrategy, type NegativeStrategy } from '../negatives/strategies';
import type { TrainingObserver } from '../observer';
import { Adam } from '../optimizer/adam';
import { EarlyStopping } from '../schedule/early-stopping';
import { learningRateAt } from '../schedule/learning-rate';
import { plannedEpochs } from '../schedule/planned-epochs';
import { type Checkpoints, epochName, stepName } from './checkpoints';
import type { EpochReport, EpochSteps } from './epoch-report';
import { hideIds } from './hide-ids';
import { type ProgressState, startOf } from './progress';
import { type CurvePoint, StepCurve, type StepFigures } from './step-curve';
import { Validator, type ValidationResult } from './validator';
import { WeightCopy } from './weight-copy';

/** Steps between two turns of the event loop, so that signals and progress are heard. */
const STEPS_PER_TURN = 4;

export interface TrainerOptions {
  readonly observer?: TrainingObserver;
  /** Aborting finishes the running step, saves a checkpoint and throws TrainingInterruptedError. */
  readonly signal?: AbortSignal;
  /** Without them the best weights are kept in memory and an interrupted training is lost. */
  readonly checkpoints?: Checkpoints;
  /** Continues a saved training; its weights and moments must be in place. */
  readonly resume?: ProgressState;
  /** Trains so many epochs of the schedule and validates none: for a split whose validation events are trained on. */
  readonly refitEpochs?: number;
  /** Which epochs are validated; without a refit the last one always is. Default `every`. */
  readonly validatedEpochs?: 'every' | 'last';
}

export interface TrainingResult {
  readonly epochs: readonly EpochReport[];
  readonly steps: number;
  readonly seconds: number;
  /** Counted from 1; the model holds the weights of this epoch. 0 where none was validated. */
  readonly bestEpoch: number;
  readonly stoppedEarly: boolean;
  /** Loss, learning rate and gradient norm over the steps. */
  readonly curve: readonly CurvePoint[];
}

/** Fits a model to the training events of a split. */
export class Trainer {
  /** The optimiser; a resumed training copies its moments in here before {@link train}. */
  readonly adam: Adam;
  readonly stepsPerEpoch: number;
  /** What {@link TrainingConfig.precision} comes to on the backend in use. Vectors are encoded in float32 in any case. */
  readonly precision: Precision;
  readonly #batches: Batches;
  readonly #strategy: NegativeStrategy;
  /** Absent where nothing is left to validate on. */
  readonly #validator?: Validator;
  readonly #earlyStopping: EarlyStopping;
  readonly #bestWeights = new WeightCopy();
  readonly #negatives: RandomStream;
  readonly #dropout: RandomStream;
  readonly #reports: EpochReport[];
  readonly #curve: StepCurve;
  #epoch: number;
  #stepInEpoch: number;
  #step: number;
  #lossSum: number;
  #seconds: number;
  readonly #secondsBefore: number;
  #startedAt = 0;

  /**
   * @throws TrainingDataError when the split has no events to train or validate on
   * @throws PrecisionUnavailableError when the precision can't be had on the backend in use
   */
  constructor(
    private readonly model: TwoTowerModel,
    split: Split,
    private readonly config: TrainingConfig,
    private readonly options: TrainerOptions = {},
  ) {
    this.precision = choosePrecision(config.precision);
    const BatchesOfModel = model.readsSequences ? SequenceBatches : EventBatches;
    this.#batches = new BatchesOfModel(split, {
      batchSize: config.batchSize,
      historyLength: model.config.historyLength,
      unknownUsers: config.userDropout,
      halfLifeDays: config.eventHalfLife,
    });
    this.stepsPerEpoch = this.#batches.stepsPerEpoch;
    const { batchSize } = this.#batches;
    this.#strategy = createNegativeStrategy(countPositives(split), { ...config, batchSize }, split.cold?.items);
    if (options.refitEpochs === undefined) {
      this.#validator = new Validator(model, split, {
        seed: config.seed,
        batchSize,
        temperature: config.temperature,
        maxUsers: config.validationUsers,
      });
    }
    this.adam = new Adam(model.parameters, { clipNorm: config.gradientClipNorm, weightDecay: config.weightDecay });

    const start = options.resume ?? startOf(config.seed);
    const patience = options.validatedEpochs === 'last' ? 0 : config.earlyStoppingPatience;
    this.#earlyStopping = new EarlyStopping(patience, start.earlyStopping);
    this.#negatives = RandomStream.fromState(start.negatives);
    this.#dropout = RandomStream.fromState(start.dropout);
    this.#reports = [...start.reports];
    this.#curve = new StepCurve(this.#epochs * this.stepsPerEpoch, start.curve);
    this.#epoch = start.epoch;
    this.#stepInEpoch = start.stepInEpoch;
    this.#step = start.step;
    this.#lossSum = start.lossSum;
    this.#seconds = start.seconds;
    this.#secondsBefore = start.totalSeconds;
  }

  /**
   * Trains until the epochs are done or validation no longer gets better, and leaves the best weights in the model.
   * @throws DivergedError when the loss or a gradient is not finite
   * @throws TrainingInterruptedError when the signal was aborted
   */
  async train(): Promise<TrainingResult> {
    this.#startedAt = performance.now();
    let stoppedEarly = this.#shouldStopEarly();
    while (this.#epoch <= this.#epochs && !stoppedEarly) {
      await this.#trainEpoch();
      await this.#finishEpoch();
      stoppedEarly = this.#shouldStopEarly();
    }
    const { bestEpoch } = this.#earlyStopping.state;
    if (this.#validator) await this.#restoreBest(bestEpoch);
    return {
      epochs: this.#reports,
      steps: this.#step,
      seconds: this.#totalSeconds(),
      bestEpoch,
      stoppedEarly,
      curve: this.#curve.points,
    };
  }

  /** How many are trained at most. */
  get #epochs(): number {
    return this.options.refitEpochs ?? this.#planned;
  }

  /** Epochs of the schedule. */
  get #planned(): number {
    return plannedEpochs(this.config, this.stepsPerEpoch);
  }

  /** The last epoch ends a training anyway, however good it was. */
  #shouldStopEarly(): boolean {
    if (this.#validator === undefined) return false;
    return this.#epoch <= this.#planned && this.#earlyStopping.shouldStop(this.#epoch - 1);
  }

  async #trainEpoch(): Promise<void> {
    this.#batches.shuffle(new RandomStream(this.config.seed, `order of epoch ${this.#epoch}`));
    let startedAt = performance.now();
    while (this.#stepInEpoch < this.stepsPerEpoch) {
      await this.#stopIfAborted();
      const figures = this.#trainStep();
      this.#lossSum += figures.loss;
      this.#stepInEpoch++;
      this.#step++;
      this.#curve.add(this.#step, figures);
      const now = performance.now();
      this.#seconds += (now - startedAt) / 1000;
      startedAt = now;
      this.#notifyStep(figures);
      if (this.#stepInEpoch % STEPS_PER_TURN === 0) await setImmediate();
    }
  }

  #trainStep(): StepFigures {
    const { users, positives, weights } = this.#batches.batch(this.#stepInEpoch);
    const candidates = this.#strategy.candidates(positives, this.#negatives);
    const objective = infoNce(candidates, { temperature: this.config.temperature, weights });
    const { items } = candidates;
    const ids = hideIds(items, this.config.itemDropout, this.#dropout);
    const { loss, gradients } = withPrecision(this.precision, () =>
      this.model.computeGradients(users, items, objective, this.#dropout, ids),
    );
    if (!Number.isFinite(loss)) throw new DivergedError(this.#step + 1, 'loss', this.#advice());
    const learningRate = this.#learningRate(this.#step);
    const gradientNorm = this.adam.step(gradients, learningRate);
    if (!Number.isFinite(gradientNorm)) throw new DivergedError(this.#step + 1, 'gradient', this.#advice());
    return { loss, learningRate, gradientNorm };
  }

  #advice(): string {
    const { learningRate, temperature, gradientClipNorm } = this.config;
    const clip = gradientClipNorm === 0 ? ', turn on --gradient-clip-norm' : '';
    return `lower --lr (now ${learningRate})${clip} or raise --temperature (now ${temperature}).`;
  }

  /** @param step counted from 0 over all epochs */
  #learningRate(step: number): number {
    return learningRateAt(step, {
      peak: this.config.learningRate,
      totalSteps: this.#planned * this.stepsPerEpoch,
      warmupFraction: this.config.warmupFraction,
      finalFraction: this.config.finalLearningRateFraction,
    });
  }

  async #finishEpoch(): Promise<void> {
    const steps: EpochSteps = {
      epoch: this.#epoch,
      trainLoss: this.#lossSum / this.stepsPerEpoch,
      learningRate: this.#learningRate(this.#step - 1),
      seconds: this.#seconds,
      examplesPerSecond: this.#examplesPerSecond(),
    };
    const event =
      this.#validator && this.#isValidated(steps.epoch)
        ? await this.#judge(this.#validator, steps)
        : ({ type: 'epoch-trained', report: steps } as const);
    this.#epoch++;
    this.#stepInEpoch = 0;
    this.#lossSum = 0;
    this.#seconds = 0;
    this.options.observer?.notify({ ...event, epochs: this.#epochs });
    await this.#save(epochName(steps.epoch));
  }

  #isValidated(epoch: number): boolean {
    return this.options.validatedEpochs !== 'last' || epoch === this.#planned;
  }

  async #judge(validator: Validator, steps: EpochSteps) {
    const validation = await this.#validate(validator);
    const report = { ...steps, validationLoss: validation.loss, validationHitRate100: validation.hitRate100 };
    this.#reports.push(report);
    const best = this.#earlyStopping.observe(steps.epoch, validation.hitRate100);
    if (best && this.options.checkpoints === undefined) this.#bestWeights.take(this.model.parameters);
    return { type: 'epoch-finished', report, best } as const;
  }

  async #validate(validator: Validator): Promise<ValidationResult> {
    try {
      return await validator.measure(this.#strategy, this.options.signal);
    } catch (error) {
      await this.#stopIfAborted();
      throw error;
    }
  }

  /** The state that a checkpoint holds lets the run go on with the next step, or with the validation if none is left. */
  async #stopIfAborted(): Promise<void> {
    if (this.options.signal?.aborted !== true) return;
    // Before a refit there is a whole training to go on from.
    if (this.#step === 0 && this.#validator) throw new TrainingInterruptedError();
    const folder = await this.#save(stepName(this.#step));
    throw new TrainingInterruptedError(this.options.checkpoints?.run, folder);
  }

  async #save(name: string): Promise<string | undefined> {
    const { checkpoints, observer } = this.options;
    if (checkpoints === undefined) return undefined;
    const folder = await checkpoints.save(name, this.adam, this.#progress());
    observer?.notify({ type: 'checkpoint', run: checkpoints.run, folder });
    return folder;
  }

  async #restoreBest(bestEpoch: number): Promise<void> {
    if (this.options.checkpoints === undefined) this.#bestWeights.putBack(this.model.parameters);
    else if (bestEpoch !== this.#epoch - 1) {
      await this.options.checkpoints.restoreWeights(epochName(bestEpoch));
    }
  }

  #progress(): ProgressState {
    return {
      epoch: this.#epoch,
      stepInEpoch: this.#stepInEpoch,
      step: this.#step,
      lossSum: this.#lossSum,
      seconds: this.#seconds,
      totalSeconds: this.#totalSeconds(),
      reports: this.#reports,
      curve: this.#curve.state(),
      earlyStopping: this.#earlyStopping.state,
      negatives: this.#negatives.state(),
      dropout: this.#dropout.state(),
    };
  }

  #notifyStep({ loss, learningRate, gradientNorm }: StepFigures): void {
    this.options.observer?.notify({
      type: 'step',
      refit: this.#validator === undefined,
      epoch: this.#epoch,
      epochs: this.#epochs,
      step: this.#stepInEpoch,
      stepsPerEpoch: this.stepsPerEpoch,
      totalSteps: this.#step,
      loss: this.#lossSum / this.#stepInEpoch,
      stepLoss: loss,
      learningRate,
      gradientNorm,
      examplesPerSecond: this.#examplesPerSecond(),
    });
  }

  #examplesPerSecond(): number {
    return this.#seconds > 0 ? (this.#stepInEpoch * this.#batches.batchSize) / this.#seconds : 0;
  }

  #totalSeconds(): number {
    return this.#secondsBefore + (performance.now() - this.#startedAt) / 1000;
  }
}
