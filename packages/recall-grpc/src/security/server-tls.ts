import { X509Certificate } from 'node:crypto';
import tls, { createSecureContext } from 'node:tls';
import { experimental, ServerCredentials } from '@grpc/grpc-js';
import { SecretFileError, wordOf } from '../errors';
import { watchFiles, type WatchOptions } from './watched-files';

export interface TlsFiles {
  readonly tlsCert: string;
  readonly tlsKey: string;
  /** Empty where clients need no certificate. */
  readonly tlsClientCa: string;
}

export interface OpenedCredentials {
  readonly credentials: ServerCredentials;
  close(): void;
}

/**
 * Key exchange that keeps past traffic secret when a key is lost, and encryption that authenticates: what TLS 1.3 has by
 * itself, and of TLS 1.2 the suites with both.
 */
export const strongCiphers = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  ...['AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'CHACHA20-POLY1305'].flatMap((cipher) => [
    `ECDHE-ECDSA-${cipher}`,
    `ECDHE-RSA-${cipher}`,
  ]),
].join(':');

type Provider = experimental.CertificateProvider;

/**
 * The credentials of a server. New connections are met with the certificates that the files hold at that time.
 *
 * grpc-js has a provider of its own that reads files again, but it turns every connection away while a new certificate
 * lies beside the old key; this one goes on with the last pair that fitted.
 * @throws SecretFileError
 */
export async function openCredentials(
  { tlsCert, tlsKey, tlsClientCa }: TlsFiles,
  watch: WatchOptions,
): Promise<OpenedCredentials> {
  if (tlsCert === '' && tlsKey === '' && tlsClientCa === '') {
    return { credentials: ServerCredentials.createInsecure(), close: () => undefined };
  }
  if (tlsCert === '' || tlsKey === '') {
    const given = tlsCert === '' ? (tlsKey === '' ? 'tls-client-ca' : 'tls-key') : 'tls-cert';
    throw new SecretFileError(tlsCert + tlsKey, `With --${given}, give both --tls-cert and --tls-key.`);
  }
  // grpc-js takes the ciphers of a server from an environment variable or else from here.
  tls.DEFAULT_CIPHERS = strongCiphers;
  const mutual = tlsClientCa !== '';
  const certificates = new CurrentCertificates();
  const close = await watchFiles(
    mutual ? [tlsCert, tlsKey, tlsClientCa] : [tlsCert, tlsKey],
    ([certificate, privateKey, caCertificate]) => {
      checkPair(tlsCert, certificate, privateKey);
      if (mutual) checkAuthorities(tlsClientCa, caCertificate);
      certificates.replace({ certificate, privateKey }, mutual ? { caCertificate } : null);
    },
    watch,
  );
  const create = experimental.createCertificateProviderServerCredentials;
  return { credentials: create(certificates, mutual ? certificates : null, mutual), close };
}

/** Hands the certificates in force to grpc-js, and new ones as they come. */
class CurrentCertificates implements Provider {
  #identity: experimental.IdentityCertificateUpdate | null = null;
  #authorities: experimental.CaCertificateUpdate | null = null;
  readonly #identityListeners = new Set<experimental.IdentityCertificateUpdateListener>();
  readonly #authorityListeners = new Set<experimental.CaCertificateUpdateListener>();

  replace(
    identity: experimental.IdentityCertificateUpdate,
    authorities: experimental.CaCertificateUpdate | null,
  ): void {
    this.#identity = identity;
    this.#authorities = authorities;
    for (const listener of this.#identityListeners) listener(identity);
    for (const listener of this.#authorityListeners) listener(authorities);
  }

  // A listener is told later: grpc-js adds it before it listens to what its credentials hear.
  addIdentityCertificateListener(listener: experimental.IdentityCertificateUpdateListener): void {
    this.#identityListeners.add(listener);
    process.nextTick(() => {
      listener(this.#identity);
    });
  }

  removeIdentityCertificateListener(listener: experimental.IdentityCertificateUpdateListener): void {
    this.#identityListeners.delete(listener);
  }

  addCaCertificateListener(listener: experimental.CaCertificateUpdateListener): void {
    this.#authorityListeners.add(listener);
    process.nextTick(() => {
      listener(this.#authorities);
    });
  }

  removeCaCertificateListener(listener: experimental.CaCertificateUpdateListener): void {
    this.#authorityListeners.delete(listener);
  }
}

export function checkPair(file: string, cert: Buffer, key: Buffer): void {
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new SecretFileError(
      file,
      `${file} and the key of --tls-key are no certificate and its key (${reasonOf(error)}).`,
    );
  }
}

export function checkAuthorities(file: string, ca: Buffer): void {
  try {
    new X509Certificate(ca);
  } catch (error) {
    throw new SecretFileError(file, `${file} holds no certificate (${reasonOf(error)}).`);
  }
}

/** OpenSSL's short word for what it met. Its full message could quote the file. */
function reasonOf(error: unknown): string {
  return wordOf(error, 'reason') ?? 'not in PEM format';
}
