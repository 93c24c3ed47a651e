import type {
  HostedVersion,
  LiveCatalogue,
  Reload,
  Standing,
  VectorRecallService,
  VersionLabel,
} from '@vector-recall/recall-service';

/** What the handlers call of a model. */
export type ServedModel = Pick<
  VectorRecallService,
  | 'describeItems'
  | 'describeUser'
  | 'encodeItems'
  | 'encodeUsers'
  | 'info'
  | 'recall'
  | 'recallEach'
  | 'searchQueueLength'
  | 'similarItems'
> & {
  /** Absent where the catalogue does not change while it is served. */
  readonly live?: ServedChanges;
};

/** What the handlers call of a catalogue that changes. */
export type ServedChanges = Pick<LiveCatalogue, 'item' | 'logBytes' | 'unusableItems' | 'write'> & {
  readonly index: Pick<LiveCatalogue['index'], 'stats'>;
};

/** A model held for the length of one call, so that the call ends on the version it began with. */
export interface ModelLease {
  readonly service: ServedModel;
  /** Called once, when the call has ended. */
  release(): void;
}

/** Where calls take their model from; a `ModelHost` is one, and for two versions at once a `SplitModels`. */
export interface ModelSource {
  /**
   * The model in use now; `undefined` until there is one.
   * @param label of two versions at once; default `stable`
   */
  acquire(label?: VersionLabel): ModelLease | undefined;
  /** The version that answers a user; absent where one version answers all. */
  labelOf?(userId: number | string | undefined): VersionLabel;
}

/** What is asked of the process around a server about the versions of its store. */
export interface VersionAdmin {
  /** Newest first. */
  versions(): Promise<readonly HostedVersion[]>;
  /**
   * Loads a version, then makes it the promoted one.
   * @throws ModelRefusedError, NotAStoreError; what is served and promoted then stays
   */
  promote(version: string): Promise<Reload>;
  /** Does so with the version that was promoted before. @throws as `promote`, NoPreviousVersionError */
  rollBack(): Promise<Reload>;
}

/** What the admin service asks of the process around it. */
export interface ModelAdmin extends VersionAdmin {
  /**
   * @param version absent for the promoted one
   * @throws ModelRefusedError, NoCurrentVersionError; the version in use then goes on serving
   */
  reload(version?: string): Promise<Reload>;
  /** Absent where the server keeps no standing rules. */
  readonly standing?: ServedStanding;
}

/** Rules that hold for every request; a `StandingAdmin` has them. */
export interface ServedStanding {
  readonly current: Standing | undefined;
  /** Resolves when they are on the disk and hold. @throws StandingError, StandingUnfitError */
  set(standing: Standing): Promise<void>;
}
