export type {
  AttributeValue,
  Change,
  ChangeBody,
  Id,
  LiveEvent,
  LiveItem,
  LiveUser,
  NewChange,
  StreamOffset,
} from './change/change';
export { decodeEntry, encodeEntry } from './change/change-codec';
export { LiveChangeError, LiveFolderError, LiveLogError, LiveWriteError, type LiveLogFault } from './errors';
export { LiveIds } from './index/live-ids';
export { LiveIndex, type LiveIndexEvent, type LiveIndexOptions, type VectorChange } from './index/live-index';
export type { IndexStats } from './index/merge-policy';
export type { ChangeListener, ChangeSource, Outcome } from './state/change-source';
export { copyChanges, holdsChanges, readChanges, type BackupFacts } from './state/backup';
export { LiveState, stateLimits, type ItemState, type StateLimits, type UserState } from './state/live-state';
export { LiveStore, type LiveStoreEvent, type LiveStoreOptions } from './state/live-store';
