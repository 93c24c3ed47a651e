import type { IncomingHttpHeaders } from 'node:http2';
import { status } from '@grpc/grpc-js';
import {
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Span,
  type TextMapGetter,
} from '@opentelemetry/api';

/** Without a registered SDK, all its spans are one shared object that records nothing. */
const tracer = trace.getTracer('@vector-recall/recall-grpc');

const headersGetter: TextMapGetter<IncomingHttpHeaders> = {
  get: (headers, key) => headers[key],
  keys: (headers) => Object.keys(headers),
};

/** Begins the span of a call, below the caller's where its headers name one (`traceparent`). */
export function startCallSpan(service: string, method: string, headers: IncomingHttpHeaders): Span {
  const parent = propagation.extract(ROOT_CONTEXT, headers, headersGetter);
  const attributes = { 'rpc.system': 'grpc', 'rpc.service': service, 'rpc.method': method };
  return tracer.startSpan(`${service}/${method}`, { kind: SpanKind.SERVER, attributes }, parent);
}

/** The codes that OpenTelemetry's conventions for gRPC servers count as failures; the others are answers. */
const failures: ReadonlySet<status> = new Set([
  status.UNKNOWN,
  status.DEADLINE_EXCEEDED,
  status.UNIMPLEMENTED,
  status.INTERNAL,
  status.UNAVAILABLE,
  status.DATA_LOSS,
]);

export function endCallSpan(span: Span, code: status): void {
  if (!span.isRecording()) return;
  span.setAttribute('rpc.grpc.status_code', code);
  if (failures.has(code)) span.setStatus({ code: SpanStatusCode.ERROR, message: status[code] });
  span.end();
}
