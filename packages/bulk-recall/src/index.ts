export { BulkRecallError } from './errors';
export { recallEveryone, type BulkProgress, type BulkReport, type BulkRequest } from './recall-everyone';
export { bulkFormats, type BulkFormat } from './formats/format';
