import type { ServerCredentials } from '@grpc/grpc-js';
import type { ServerConfig } from '@vector-recall/core-config';
import type { Logger } from 'pino';
import { openCredentials } from './server-tls';
import { TokenGuard, TOKENS_VARIABLE } from './tokens';

export interface SecretOptions {
  readonly config: ServerConfig;
  readonly logger: Logger;
  /** May hold tokens in `VECTOR_RECALL_TOKENS`; default the environment of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** How a port is secured; read anew when files change. */
export interface Secrets {
  readonly credentials: ServerCredentials;
  /** Absent where all calls are let in. */
  readonly tokens: TokenGuard | undefined;
  /** Stops the reading of certificates and tokens. */
  close(): void;
}

/** @throws SecretFileError */
export async function openSecrets({ config, logger, env = process.env }: SecretOptions): Promise<Secrets> {
  const watch = {
    refreshMs: config.secretsRefreshMs,
    warn: (error: Error) => {
      logger.warn(error.message);
    },
  };
  const tls = await openCredentials(config, watch);
  try {
    const tokens = await TokenGuard.open({ file: config.tokenFile, variable: env[TOKENS_VARIABLE], ...watch });
    const close = (): void => {
      tls.close();
      tokens?.close();
    };
    return { credentials: tls.credentials, tokens, close };
  } catch (error) {
    tls.close();
    throw error;
  }
}
