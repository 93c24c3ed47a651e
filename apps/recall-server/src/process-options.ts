import type { ServerConfig } from '@vector-recall/core-config';
import type { Logger } from 'pino';

/** What every kind of process is started with. */
export interface ProcessOptions {
  readonly config: ServerConfig;
  readonly logger: Logger;
  readonly env: Readonly<Record<string, string | undefined>>;
}
