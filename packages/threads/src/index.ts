export { answerCalls, type Answer } from './answer-calls';
export type { ErrorClass } from './carried-error';
export { ThreadEndedError } from './errors';
export { sharedCopy } from './shared-copy';
export { Thread } from './thread';
