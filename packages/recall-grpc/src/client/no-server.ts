import { status, type ServiceError } from '@grpc/grpc-js';

/**
 * What a failed call says where no recall server has answered it at all: grpc-js then tells of its own parts, of which a
 * caller knows nothing. `undefined` where a server has answered.
 */
export function explainNoServer({ code, details }: ServiceError, target: string): string | undefined {
  if (code === status.UNAVAILABLE && details.startsWith('No connection established')) {
    const reason = /Last error: (?:Error: )?(.*?)\.? Resolution note/.exec(details)?.[1];
    return `No server answers at ${target}${reason === undefined ? '' : ` (${reason})`}; start one there, or give the target of one that runs.`;
  }
  if (code === status.UNAVAILABLE && details.startsWith('Name resolution failed')) {
    return `No server answers at ${target}: its name has no address; correct the target.`;
  }
  const http = /^Received HTTP status code (\d+)/.exec(details)?.[1];
  return http === undefined ? undefined : `What answers at ${target} is no gRPC server (HTTP status ${http}).`;
}
