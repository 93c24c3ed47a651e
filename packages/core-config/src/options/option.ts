import type { SectionName } from '../config';

export type OptionType = 'integer' | 'number' | 'boolean' | 'string' | 'integers';

/** A value that an option may hold. */
export type OptionValue = string | number | boolean | readonly number[];

/** Bounds of a number, or of each number of a list. */
export interface OptionRange {
  readonly min?: number;
  readonly max?: number;
  /** The bound itself is not allowed. */
  readonly minExcluded?: boolean;
  /** The bound itself is not allowed. */
  readonly maxExcluded?: boolean;
}

/** One option: where it stands, how it is spelt on each side, and what it may hold. */
export interface ConfigOption {
  /** Place in the config file, `training.batchSize`. */
  readonly path: string;
  readonly section: SectionName;
  readonly key: string;
  /** Name on the command line without dashes, `batch-size`. */
  readonly flag: string;
  /** What another program calls the same thing, `artifacts`; whoever types that is told this flag. */
  readonly alsoCalled?: string;
  /** Environment variable, `VECTOR_RECALL_BATCH_SIZE`. */
  readonly env: string;
  readonly type: OptionType;
  readonly default: OptionValue;
  readonly choices?: readonly string[];
  readonly range?: OptionRange;
  /** The longest and shortest list allowed, for the type `integers`. */
  readonly length?: { readonly min?: number; readonly max?: number };
  readonly unit?: string;
  readonly description: string;
  /** What a value must be where type, range and choices don't say it all; the end of "it must be …". */
  readonly requirement?: string;
}
