import type { IncomingHttpHeaders } from 'node:http2';
import type { CallStatus } from '../contract/status';
import type { CallEnd, CallHead, Method } from '../pipeline/call';
import type { CallSignal } from '../pipeline/call-signal';
import type { Pipeline, PipelineOptions } from '../pipeline/pipeline';

/** The full names of the services. */
export const RECALL_SERVICE = 'recall.v1.RecallService';
export const ITEM_SERVICE = 'recall.v1.ItemService';
export const ADMIN_SERVICE = 'recall.v1.AdminService';

/** The calls of one service, for other transports: they share tokens, limits, metrics and draining with gRPC. */
export interface ServiceCalls {
  /** Full name, `recall.v1.RecallService`. */
  readonly service: PipelineOptions['service'];
  readonly methods: readonly Method[];
  /** Why a call is refused for its token; `undefined` where it is not. */
  authenticate(headers: IncomingHttpHeaders): CallStatus | undefined;
  /** How a call ends that is refused for its headers; `undefined` where its request may come. */
  judge(head: CallHead): CallEnd | undefined;
  /** Answers a call whose request has been received. Never rejects. */
  run(head: CallHead, bytes: Buffer, signal: CallSignal): Promise<CallEnd>;
  /** How a call ends whose request could not be received. */
  fail(head: CallHead, outcome: CallStatus): CallEnd;
}

export function serviceCalls(service: string, methods: readonly Method[], pipeline: Pipeline): ServiceCalls {
  return {
    service,
    methods,
    authenticate: (headers) => pipeline.authenticate(headers),
    judge: (head) => pipeline.judge(head),
    run: (head, bytes, signal) => pipeline.run(head, bytes, signal),
    fail: (head, outcome) => pipeline.fail(head, outcome),
  };
}
