/** Thrown when an artifact can't be exported in the form that was asked for. */
export class ExportError extends Error {
  readonly code = 'EXPORT_REFUSED';

  constructor(message: string) {
    super(message);
    this.name = 'ExportError';
  }
}

/** Thrown when a file is not what an import can read. */
export class ImportError extends Error {
  readonly code = 'IMPORT_REFUSED';

  constructor(
    readonly file: string,
    message: string,
  ) {
    super(message);
    this.name = 'ImportError';
  }
}
