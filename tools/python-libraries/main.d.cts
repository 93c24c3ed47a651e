export interface PythonWithLibraries {
  /** Where the libraries are, as the value of `PYTHONPATH`. */
  readonly path: string;
  /** Runs a script with arguments and returns what it prints, parsed as JSON. */
  runJson(script: string, ...args: string[]): unknown;
}

/**
 * Python with libraries from PyPI, for tests that read what we wrote by code that is not ours.
 * @returns undefined where python3 or pip is missing or the libraries can't be had; such tests are skipped
 */
export function pythonWith(...names: string[]): PythonWithLibraries | undefined;

/** Python with the wandb library, in the same way. */
export function pythonWithWandb(): PythonWithLibraries | undefined;

/** The one offline run in a folder that was `WANDB_DIR`: project, entity, name, config, history, summary and exit. */
export function readWandbRun(python: PythonWithLibraries, folder: string): unknown;
