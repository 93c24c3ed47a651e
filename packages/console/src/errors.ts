/** Thrown when the files of the page are missing, as in a checkout that was not built. */
export class ConsoleFilesError extends Error {
  readonly code = 'CONSOLE_NOT_BUILT';

  constructor(folder: string, options?: ErrorOptions) {
    super(`The page of the console is not in ${folder}; build it with npx nx build console.`, options);
    this.name = 'ConsoleFilesError';
  }
}
