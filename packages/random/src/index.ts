export { AliasTable } from './alias-table';
export { RandomArgumentError } from './errors';
export { sampleRows } from './sample-rows';
export { RandomStream, type RandomState } from './random-stream';
