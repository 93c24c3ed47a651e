import { status } from '@grpc/grpc-js';
import type { CallStatus } from '../contract/status';

// How the transport ends a call, whether it brings one request or a stream of them.
export const lateDeadline: CallStatus = { code: status.DEADLINE_EXCEEDED, details: 'The deadline has passed.' };
export const gone: CallStatus = { code: status.CANCELLED, details: 'The caller has gone.' };
export const noRoom: CallStatus = {
  code: status.RESOURCE_EXHAUSTED,
  details: 'Too many large requests are being received; try again later.',
};
