/** What happens to the models of a {@link ModelHost}, for logs and metrics. Errors say what to do in one sentence. */
export type ModelEvent =
  /** The store has no current version yet, or is not there; the host looks on until it has one. */
  | { readonly type: 'waiting'; readonly root: string; readonly isMissing: boolean }
  /** A version is being loaded beside the one in use. */
  | { readonly type: 'loading'; readonly version: string }
  /** Calls that begin now are answered by this version. */
  | { readonly type: 'switched'; readonly version: string; readonly previousVersion?: string; readonly loadMs: number }
  /** A version, or the store itself, can't be used; the one in use, if any, goes on serving. */
  | {
      readonly type: 'refused';
      readonly version?: string;
      readonly serving?: string;
      readonly error: Error;
      /** When it is tried again by itself, in milliseconds from now: after a shortage that may pass. */
      readonly retryMs?: number;
    }
  /** The last call on a replaced version has ended, and it was closed; `problem` tells if that failed. */
  | { readonly type: 'retired'; readonly version: string; readonly problem?: Error };
