export { answerCalls, type Answer } from './answer-calls';
export { buffersOf } from './buffers-of';
export type { ErrorClass } from './carried-error';
export { ThreadEndedError } from './errors';
export { Thread } from './thread';
