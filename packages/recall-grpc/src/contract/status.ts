import { status } from '@grpc/grpc-js';
import { RecallRequestError } from '@vector-recall/recall-service';
import { wireNames } from './field-names';

/** How a call ended, as gRPC says it. */
export interface CallStatus {
  readonly code: status;
  readonly details: string;
}

/** What the codes of errors mean to a caller. An error with no code of these is our fault. */
const codes: Readonly<Record<string, status>> = {
  WIRE_REQUEST_INVALID: status.INVALID_ARGUMENT,
  RECALL_REQUEST_INVALID: status.INVALID_ARGUMENT,
  RECALL_ITEM_UNKNOWN: status.NOT_FOUND,
  RECALL_SERVICE_CLOSED: status.UNAVAILABLE,
  MODEL_NOT_LOADED: status.UNAVAILABLE,
  RECALL_HOST_CLOSED: status.UNAVAILABLE,
  RECALL_MODEL_REFUSED: status.FAILED_PRECONDITION,
  RECALL_VERSION_PINNED: status.FAILED_PRECONDITION,
  RECALL_NOT_A_STORE: status.FAILED_PRECONDITION,
  STORE_NO_CURRENT: status.FAILED_PRECONDITION,
  STORE_NO_PREVIOUS: status.FAILED_PRECONDITION,
  LIVE_CHANGE_INVALID: status.INVALID_ARGUMENT,
  LIVE_WRITE_FAILED: status.UNAVAILABLE,
  LIVE_OFF: status.FAILED_PRECONDITION,
  STANDING_OFF: status.FAILED_PRECONDITION,
  RECALL_STANDING_INVALID: status.INVALID_ARGUMENT,
  RECALL_STANDING_UNFIT: status.FAILED_PRECONDITION,
  SERVER_NO_WORKER: status.UNAVAILABLE,
  SERVER_WORKER_DIED: status.UNAVAILABLE,
};

/** The message travels in a header, whose size clients limit, and it may quote an id of any length. */
const MAX_DETAILS = 500;

/** Turns anything thrown into a status. What is not meant for callers stays in the log. */
export function statusOf(error: unknown): CallStatus {
  const code = error instanceof Error && 'code' in error ? codes[String(error.code)] : undefined;
  if (code === undefined || !(error instanceof Error)) {
    return {
      code: status.INTERNAL,
      details: "The server failed; its log has the cause beside this call's x-request-id.",
    };
  }
  return { code, details: shorten(error instanceof RecallRequestError ? error.messageIn(wireNames) : error.message) };
}

function shorten(text: string): string {
  if (text.length <= MAX_DETAILS) return text;
  // A cut through a surrogate pair leaves half a character, which no header can carry.
  return `${text.slice(0, MAX_DETAILS).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
