import { compileConfig, configSchema, type VectorRecallConfig } from '@vector-recall/core-config';
import type { Command } from 'commander';
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { z } from 'zod';
import { ArtifactNotFoundError } from '../errors';
import type { Invocation } from './command';

const ownFlags = z.object({ artifact: z.string().min(1).optional() });

export function declareArtifactFlag(command: Command): void {
  command.option(
    '--artifact <path>',
    'a store, or the folder of one version (default: the current version in --output)',
  );
}

/** A version in a store; without a version, the current one is meant. */
export interface ArtifactPlace {
  readonly root: string;
  readonly version?: string;
}

/** Reads a path as a store or, for `STORE/versions/VERSION` and links to it as `STORE/current`, as one version of it. */
export function placeOf(path: string): ArtifactPlace {
  const full = existsSync(path) ? realpathSync(path) : resolve(path);
  return basename(dirname(full)) === 'versions'
    ? { root: dirname(dirname(full)), version: basename(full) }
    : { root: path };
}

/** Where the artifact of a call lies: `--artifact`, else the store of `--output`. */
function placeOfCall({ flags, file, env, own }: Invocation): ArtifactPlace {
  const { artifact } = ownFlags.parse(own);
  return artifact === undefined ? { root: compileConfig({ file, env, flags }).runtime.output } : placeOf(artifact);
}

/** An artifact together with the options to work on it. */
export interface StoredCall extends ArtifactPlace {
  /** The stored options, with those of the call on top; `runtime.output` is the store of the artifact. */
  readonly config: VectorRecallConfig;
}

/**
 * Finds the artifact of a call and compiles its stored options with what was given on top.
 * @throws ArtifactNotFoundError where there is no such version
 */
export async function openStoredCall(invocation: Invocation): Promise<StoredCall> {
  const { flags, file, env } = invocation;
  const place = placeOfCall(invocation);
  const { ModelStore } = await import('@vector-recall/model-store');
  const versions = await new ModelStore(place.root).list();
  const found = versions.find(({ version, isCurrent }) =>
    place.version === undefined ? isCurrent : version === place.version,
  );
  if (found === undefined) throw new ArtifactNotFoundError(place.root, place.version);
  const stored = configSchema.safeParse(found.manifest?.config);
  // What the machine does is not a property of the artifact: its runtime options are those of this call.
  const base = stored.success ? { ...stored.data, runtime: compileConfig().runtime } : undefined;
  const config = compileConfig({ base, file, env, flags: { ...flags, output: place.root } });
  return { ...place, config };
}
