export { AliasTable } from './alias-table';
export { RandomArgumentError } from './errors';
export { RandomStream, type RandomState } from './random-stream';
