import { readFileSync } from 'node:fs';
import { credentials, Metadata, type ChannelCredentials, type ChannelOptions } from '@grpc/grpc-js';
import { SecretFileError, wordOf } from '../errors';
import { isLoopback } from './proxy';

/** Files of certificates, in PEM. */
export interface ClientTls {
  /** Authorities that the server's certificate is checked against; default: those that node knows. */
  readonly ca?: string;
  /** Certificate and key that the server demands for mutual TLS. */
  readonly cert?: string;
  readonly key?: string;
}

export interface RecallClientOptions {
  /** Time that a call has, retries included, in milliseconds; default 2000. */
  readonly deadlineMs?: number;
  /** Attempts at a call while the server is UNAVAILABLE, the first one included, 1 to 5; default 4. */
  readonly maxAttempts?: number;
  /** Encrypts; default: it does not. */
  readonly tls?: ClientTls;
  /** Bearer token. */
  readonly token?: string;
  /** Silence on the connection before it is checked, in milliseconds; default 30,000. */
  readonly keepaliveTimeMs?: number;
}

/** @throws SecretFileError */
export function channelCredentials(tls: ClientTls | undefined): ChannelCredentials {
  if (tls === undefined) return credentials.createInsecure();
  const [ca, key, cert] = [tls.ca, tls.key, tls.cert].map((file) => (file === undefined ? null : read(file)));
  return credentials.createSsl(ca, key, cert);
}

export function channelOptions(
  target: string,
  { maxAttempts = 4, keepaliveTimeMs = 30_000 }: RecallClientOptions,
): ChannelOptions {
  return {
    // A proxy would look for the server on its own machine.
    ...(isLoopback(target) ? { 'grpc.enable_http_proxy': 0 } : {}),
    'grpc.service_config': JSON.stringify(serviceConfig(maxAttempts)),
    'grpc.enable_retries': 1,
    'grpc.keepalive_time_ms': keepaliveTimeMs,
    'grpc.keepalive_timeout_ms': 10_000,
    // A large batch passes the usual 4 MiB; how much a response holds is what was asked for.
    'grpc.max_receive_message_length': -1,
  };
}

/** Metadata of every call. */
export function callMetadata(token: string | undefined): Metadata {
  const metadata = new Metadata();
  if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
  return metadata;
}

/** Every method only reads, so that a call may be repeated (https://grpc.io/docs/guides/retry). */
function serviceConfig(maxAttempts: number): object {
  const retryPolicy = {
    maxAttempts,
    initialBackoff: '0.05s',
    maxBackoff: '1s',
    backoffMultiplier: 2,
    retryableStatusCodes: ['UNAVAILABLE'],
  };
  const service = { name: [{ service: 'recall.v1.RecallService' }] };
  return { methodConfig: [maxAttempts > 1 ? { ...service, retryPolicy } : service] };
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new SecretFileError(file, `${file} can't be read (${wordOf(error, 'code') ?? 'unreadable'}).`);
  }
}
