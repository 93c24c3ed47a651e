import type { ConfigOption, FlagValues } from '@vector-recall/core-config';
import type { Command } from 'commander';
import type { CommandResult } from '../output/output';
import type { Progress } from '../output/progress';

/** One call of a command: what was given, and what it may use while it runs. */
export interface Invocation {
  /** Option flags by name, as typed. */
  readonly flags: FlagValues;
  /** The config file, if one was given. */
  readonly file?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The flags that only this command has, by their camel-case name; not yet checked. */
  readonly own: Readonly<Record<string, unknown>>;
  readonly progress: Progress;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Commands that are named after a common word, as in `index build`. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
}

/** A command of `vector-recall`. */
export interface CommandDefinition {
  /** The group that it stands in; absent for most. */
  readonly group?: CommandGroup;
  readonly name: string;
  readonly summary: string;
  /** The options it takes, out of all that there are. */
  accepts(option: ConfigOption): boolean;
  /** Whether options that aren't given keep the values stored with the artifact. */
  readonly usesStoredConfig: boolean;
  /** Declares the flags that only this command has. */
  declare?(command: Command): void;
  /** What the first Ctrl-C says while the work ends in order; without it, Ctrl-C ends the process. */
  readonly interruptNotice?: string;
  run(invocation: Invocation): Promise<CommandResult>;
}
