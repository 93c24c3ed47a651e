import { VersionsNotComparableError } from '../errors';
import type { Manifest } from '../manifest/manifest';

export interface MetricComparison {
  readonly metric: string;
  readonly candidate: number;
  readonly current: number;
  /** Whether the candidate is above the current version by at least what was asked for. */
  readonly isBetter: boolean;
}

const protocolParts = [
  ['data', 'data'],
  ['split', 'split'],
  ['heldOut', 'held-out events'],
] as const;

/**
 * Compares a metric that two versions of the model were published with.
 *
 * @param by the least difference that counts as better; with 0 the candidate has to be above the current version
 * @throws VersionsNotComparableError where they were measured on different data or held-out events, or lack the metric
 */
export function compareVersions(
  candidate: Manifest,
  current: Manifest,
  { metric, by }: { readonly metric: string; readonly by: number },
): MetricComparison {
  checkSameProtocol(candidate, current);
  const [ours, theirs] = [metricOf(candidate, metric), metricOf(current, metric)];
  const difference = ours - theirs;
  return { metric, candidate: ours, current: theirs, isBetter: by === 0 ? difference > 0 : difference >= by };
}

function checkSameProtocol(candidate: Manifest, current: Manifest): void {
  for (const { protocol, version } of [candidate, current]) {
    if (protocol !== undefined) continue;
    throw new VersionsNotComparableError(
      `The version ${version} does not say what its metrics were measured on, so they can't be compared; ` +
        'train it again, or promote without --if-better.',
    );
  }
  const different = protocolParts.filter(([part]) => candidate.protocol?.[part] !== current.protocol?.[part]);
  if (different.length === 0) return;
  const names = different.map(([part, name]) =>
    part === 'split' ? `${name} (${candidate.protocol?.split ?? ''} and ${current.protocol?.split ?? ''})` : name,
  );
  throw new VersionsNotComparableError(
    `The metrics of ${candidate.version} and of the current version ${current.version} were measured with different ` +
      `${names.join(', ')}, so they can't be compared; vector-recall train --promote if-better compares both on one split.`,
  );
}

function metricOf({ version, metrics }: Manifest, metric: string): number {
  const { model = {} } = metrics;
  if (Object.hasOwn(model, metric)) return model[metric];
  const names = Object.keys(model);
  throw new VersionsNotComparableError(
    names.length === 0
      ? `The version ${version} has no metrics of a model; promote it without --if-better.`
      : `The version ${version} has no metric ${metric}; it has ${names.join(', ')}.`,
  );
}
