/** Thrown when everyone can't be recalled, or the file that was asked for can't hold the result. */
export class BulkRecallError extends Error {
  readonly code = 'BULK_RECALL_REFUSED';

  constructor(message: string) {
    super(message);
    this.name = 'BulkRecallError';
  }
}
