import { status, type ServiceError } from '@grpc/grpc-js';
import { proxyFor } from './proxy';

/** Where a call went. */
export interface Destination {
  readonly target: string;
  readonly usesTls: boolean;
}

/**
 * What a failed call says where no recall server has answered it at all: grpc-js then tells of its own parts, of which a
 * caller knows nothing. `undefined` where a server has answered.
 */
export function explainNoServer({ code, details }: ServiceError, destination: Destination): string | undefined {
  const { target } = destination;
  if (code === status.UNAVAILABLE && details.startsWith('No connection established')) {
    const reason = /Last error: (?:Error(?: \[\w+\])?: )?([^]*?)\.?\s*Resolution note/.exec(details)?.[1] ?? '';
    return explainFailure(reason, destination);
  }
  if (code === status.UNAVAILABLE && details.startsWith('Name resolution failed')) {
    return `No server answers at ${target}: its name has no address; correct the target.`;
  }
  const proxy = proxyFor(target);
  if (code === status.DEADLINE_EXCEEDED && details.includes('Waiting for LB pick') && proxy !== undefined) {
    return `No connection to ${target} came about in time through ${proxy}; add the host to no_proxy if it is not behind that.`;
  }
  const http = /^Received HTTP status code (\d+)/.exec(details)?.[1];
  return http === undefined ? undefined : `What answers at ${target} is no gRPC server (HTTP status ${http}).`;
}

/** @param reason why there was no connection, as grpc-js heard it last */
function explainFailure(reason: string, { target, usesTls }: Destination): string {
  const proxy = proxyFor(target);
  if (proxy !== undefined) {
    return `No server answers at ${target} through ${proxy}; see whether the proxy lets it through, or add the host to no_proxy.`;
  }
  if (/wrong version number|packet length too long|http request/.test(reason)) {
    return `What answers at ${target} does not speak TLS; connect without TLS, or give the target of a server that has it.`;
  }
  if (/altnames/.test(reason)) {
    return `The certificate of the server at ${target} is for other names; connect by a name that it has.`;
  }
  if (/certificate/i.test(reason)) {
    return `The certificate of the server at ${target} is not trusted (${firstLine(reason)}); give the authority that signed it (CA).`;
  }
  if (/^Failed to connect/.test(reason)) {
    return usesTls
      ? `What answers at ${target} closes the connection; see whether it is a recall server, and whether it asks for a client certificate.`
      : `What answers at ${target} closes connections without TLS; connect with TLS, if it is a recall server that has it.`;
  }
  const why = reason === '' || reason === 'undefined' ? '' : ` (${firstLine(reason)})`;
  return `No server answers at ${target}${why}; start one there, or give the target of one that runs.`;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0];
}
