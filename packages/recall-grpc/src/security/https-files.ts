import type { SecureContextOptions } from 'node:tls';
import { SecretFileError } from '../errors';
import { checkAuthorities, checkPair, strongCiphers, type TlsFiles } from './server-tls';
import { watchFiles, type WatchOptions } from './watched-files';

/** The certificates that an HTTPS server meets connections with; the last pair that fitted stays in force. */
export interface HttpsFiles {
  current(): SecureContextOptions & { readonly requestCert: boolean; readonly rejectUnauthorized: boolean };
  onChange(listener: () => void): void;
  close(): void;
}

/**
 * @returns `undefined` where there is no TLS
 * @throws SecretFileError
 */
export async function openHttpsFiles(
  { tlsCert, tlsKey, tlsClientCa }: TlsFiles,
  watch: WatchOptions,
): Promise<HttpsFiles | undefined> {
  if (tlsCert === '' && tlsKey === '' && tlsClientCa === '') return undefined;
  if (tlsCert === '' || tlsKey === '')
    throw new SecretFileError(tlsCert + tlsKey, 'Give both --tls-cert and --tls-key.');
  const mutual = tlsClientCa !== '';
  const listeners: (() => void)[] = [];
  let contents: readonly Buffer[] = [];
  const close = await watchFiles(
    mutual ? [tlsCert, tlsKey, tlsClientCa] : [tlsCert, tlsKey],
    (fresh) => {
      checkPair(tlsCert, fresh[0], fresh[1]);
      if (mutual) checkAuthorities(tlsClientCa, fresh[2]);
      contents = fresh;
      for (const listener of listeners) listener();
    },
    watch,
  );
  return {
    current: () => ({
      cert: contents[0],
      key: contents[1],
      ...(mutual ? { ca: contents[2] } : {}),
      ciphers: strongCiphers,
      minVersion: 'TLSv1.2',
      requestCert: mutual,
      rejectUnauthorized: mutual,
    }),
    onChange: (listener) => void listeners.push(listener),
    close,
  };
}
