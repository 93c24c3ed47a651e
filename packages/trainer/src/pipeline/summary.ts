import type { BenchmarkReport } from '../benchmark/benchmark-report';
import type { EvaluationReport } from '../evaluation/evaluation-report';
import type { IndexReport } from '../indexing/index-report';
import type { EpochReport } from '../training/epoch-report';

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
  /** Events that the loss saw: everything but each user's last two. */
  readonly trainingEvents: number;
  /** Users with a validation and a test event. */
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
  readonly epochs: readonly EpochReport[];
  readonly steps: number;
  readonly seconds: number;
  /** The epoch, counted from 1, with the best validation HitRate@100. Its weights were published, unless they were fitted again. */
  readonly bestEpoch: number;
  readonly stoppedEarly: boolean;
  /** The second training, with the validation events, whose weights were published; absent where there was none. */
  readonly refit?: { readonly epochs: number; readonly seconds: number };
}

export interface DemoItem {
  readonly id: number | string;
  readonly name?: string;
  readonly category?: string;
  readonly tags?: readonly string[];
}

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
  readonly index: IndexReport;
  /** Absent with `runtime.skipBenchmark`. */
  readonly benchmark?: BenchmarkReport;
  readonly demo: DemoReport;
  /** Of the items that most events are of. */
  readonly neighbours: readonly ItemNeighbours[];
  /** Wall-clock seconds of the whole run. */
  readonly seconds: number;
}
