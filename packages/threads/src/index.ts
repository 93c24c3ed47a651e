export { answerCalls, type Answer } from './answer-calls';
export type { ErrorClass } from './carried-error';
export { ThreadEndedError } from './errors';
export { InFlight } from './in-flight';
export { sharedCopy } from './shared-copy';
export { Thread } from './thread';
export { mapYielding } from './yielding';
