export interface PythonWithLibraries {
  /** Runs a script with arguments and returns what it prints, parsed as JSON. */
  runJson(script: string, ...args: string[]): unknown;
}

/**
 * Python with libraries from PyPI, for tests that read what we wrote by code that is not ours.
 * @returns undefined where python3 or pip is missing or the libraries can't be had; such tests are skipped
 */
export function pythonWith(...names: string[]): PythonWithLibraries | undefined;
