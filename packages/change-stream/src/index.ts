export { parseStreamAddress, type StreamAddress } from './address';
export { ChangeStreamError, type ChangeStreamFault } from './errors';
export { StreamedChanges, type ChangeStreamEvent, type StreamedChangesOptions } from './streamed-changes';
