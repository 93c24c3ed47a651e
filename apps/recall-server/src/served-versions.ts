import { ConfigError, type ServerConfig } from '@vector-recall/core-config';
import { BUCKETS, ModelHost } from '@vector-recall/recall-service';

/** Stands for the promoted version, whichever that is. */
const CURRENT = 'current';

/** What a server answers from. Versions are names; an absent one follows what is promoted. */
export interface ServedVersions {
  readonly stable?: string;
  /** Absent where the server has one version. */
  readonly canary?: {
    readonly version?: string;
    /** How many of the 10,000 buckets of users it answers. */
    readonly buckets: number;
  };
}

const pattern = /^stable=([^=,\s]+)(?:,canary=([^=,\s]+))?$/;

/** @throws ConfigError */
export function readServedVersions({
  serve,
  canaryShare,
}: Pick<ServerConfig, 'serve' | 'canaryShare'>): ServedVersions {
  const buckets = Math.round((Number(canaryShare.replace('%', '')) / 100) * BUCKETS);
  const [, stable, canary] = pattern.exec(serve) ?? [];
  if (serve !== '' && !stable) {
    const advice = 'it must be stable=VERSION,canary=VERSION, where VERSION may be current';
    throw new ConfigError('server.serve', `--serve is "${serve}", but ${advice}.`);
  }
  if (buckets > 0 && !canary) {
    throw new ConfigError('server.canaryShare', '--canary-share needs a canary; name one with --serve.');
  }
  return {
    ...(stable && stable !== CURRENT ? { stable } : {}),
    ...(canary ? { canary: { buckets, ...(canary === CURRENT ? {} : { version: canary }) } } : {}),
  };
}

/**
 * Looks whether the versions that are named are in the store.
 * @throws UnknownVersionError
 */
export async function checkServedVersions({ stable, canary }: ServedVersions, artifacts: string): Promise<void> {
  // Never started: it only tells what is in the store.
  const store = new ModelHost(artifacts);
  for (const version of [stable, canary?.version]) if (version !== undefined) await store.locate(version);
}
