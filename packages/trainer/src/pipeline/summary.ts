import type { ItemDescription } from '@vector-recall/model-store';
import type { BenchmarkReport } from '../benchmark/benchmark-report';
import type { SearchCurveReport } from '../benchmark/search-curve';
import type { EvaluationReport } from '../evaluation/evaluation-report';
import type { IndexReport } from '../indexing/index-report';
import type { ItemMapReport } from '../item-map/map-items';
import type { PromotionReport } from '../promotion/promotion-report';
import type { RaceReport } from '../race/race-report';
import type { EpochReport } from '../training/epoch-report';
import type { CurvePoint } from '../training/step-curve';
import type { DataProfileReport } from './data-profile';
import type { ReproductionReport } from './reproduction';

/** The published version that a run left. */
export interface ArtifactReport {
  /** Folder of the version. */
  readonly path: string;
  readonly version: string;
}

/** What was read, after the reader's own clean-up. */
export interface DatasetReport {
  readonly name: string;
  readonly users: number;
  readonly items: number;
  readonly interactions: number;
  /** Days of the first and the last interaction, `2026-05-17`; absent where the log has no times. */
  readonly span?: { readonly first: string; readonly last: string };
  readonly profile: DataProfileReport;
  /** Events that are training examples. */
  readonly trainingEvents: number;
  /** Users with a test event. */
  readonly heldOutUsers: number;
  /** One sentence for each thing that the reader dropped or changed. */
  readonly notes: readonly string[];
}

export interface ModelReport {
  /** All trained weights, embedding tables included. */
  readonly parameters: number;
  /** The part of `parameters` that sits in embedding tables. */
  readonly tableParameters: number;
  readonly embeddingDim: number;
  readonly historyEncoder: string;
}

export interface TrainingReport {
  readonly run: string;
  readonly backend: string;
  readonly tensorflowVersion?: string;
  /** `auto` where nothing decided what it stands for. */
  readonly preset: string;
  readonly negatives: string;
  /** What the operands of products of a step were rounded to, where native ops computed them. */
  readonly precision: string;
  /** The version whose weights the training started from; absent for a new model. */
  readonly continuedFrom?: string;
  readonly epochs: readonly EpochReport[];
  /** Loss, learning rate and gradient norm over the steps, in at most 200 points. */
  readonly curve: readonly CurvePoint[];
  readonly steps: number;
  readonly seconds: number;
  /** The epoch, counted from 1, with the best validation HitRate@100. Its weights were published, unless they were fitted again. */
  readonly bestEpoch: number;
  readonly stoppedEarly: boolean;
  /** One sentence for each thing that a reader should know. */
  readonly notes: readonly string[];
  /** The second training, with the validation events, whose weights were published; absent where there was none. */
  readonly refit?: { readonly epochs: number; readonly seconds: number };
  /** How far the item-item term spreads scores, as a share of how far the towers do; absent where the model has none. */
  readonly itemItemShare?: number;
  /** How the preset was chosen; absent where it was given. */
  readonly race?: RaceReport;
}

export type DemoItem = ItemDescription;

/** What one user has, and what the published index gives them. */
export interface DemoReport {
  readonly userId: number | string;
  /** The last items of the user, oldest first. */
  readonly history: readonly DemoItem[];
  /** Best first, without what the user has. `score` is the cosine in [-1, 1]. */
  readonly items: readonly (DemoItem & { readonly score: number })[];
}

/** An item and what lies next to it, nearest first. `score` is the cosine in [-1, 1]. */
export interface ItemNeighbours {
  readonly item: DemoItem;
  readonly neighbours: readonly (DemoItem & { readonly score: number })[];
}

/** All that a run of `runTraining` found out, ready for JSON. */
export interface TrainSummary {
  readonly artifact: ArtifactReport;
  readonly dataset: DatasetReport;
  readonly model: ModelReport;
  readonly training: TrainingReport;
  readonly evaluation: EvaluationReport;
  readonly promotion: PromotionReport;
  readonly index: IndexReport;
  /** Absent with `runtime.skipBenchmark`. */
  readonly searches?: SearchCurveReport;
  /** Absent with `runtime.skipBenchmark`. */
  readonly benchmark?: BenchmarkReport;
  readonly demo: DemoReport;
  /** Others, from a short history to a long one. */
  readonly demos: readonly DemoReport[];
  /** Of the items that most events are of. */
  readonly neighbours: readonly ItemNeighbours[];
  /** Absent where there are too few items. */
  readonly itemMap?: ItemMapReport;
  readonly reproduction: ReproductionReport;
  /** Wall-clock seconds of the whole run. */
  readonly seconds: number;
}
