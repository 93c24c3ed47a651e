import type { CallStatus } from '../contract/status';
import type { CallEnd, CallHead, Method } from '../pipeline/call';
import type { CallSignal } from '../pipeline/call-signal';

/** The full name of the service. */
export const RECALL_SERVICE = 'recall.v1.RecallService';

/** The calls of the recall service, for other transports: they share tokens, limits, metrics and draining with gRPC. */
export interface RecallCalls {
  readonly methods: readonly Method[];
  /** How a call ends that is refused for its headers; `undefined` where its request may come. */
  judge(head: CallHead): CallEnd | undefined;
  /** Answers a call whose request has been received. Never rejects. */
  run(head: CallHead, bytes: Buffer, signal: CallSignal): Promise<CallEnd>;
  /** How a call ends whose request could not be received. */
  fail(head: CallHead, outcome: CallStatus): CallEnd;
}
