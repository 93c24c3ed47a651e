import { versionLabels, type VersionLabel } from '@vector-recall/recall-service';
import type { ModelLease, ModelSource } from '../contract/model-source';
import { WireRequestError } from '../errors';

/** Which of two versions is to answer. */
export interface VersionChoice {
  readonly label: VersionLabel;
  /** Whether the request names it; else its user was assigned to it. */
  readonly isNamed: boolean;
}

/** A model to answer with, and its label where the server has two. */
export interface LabelledLease extends ModelLease {
  readonly label?: VersionLabel;
}

/**
 * Which version answers a request; `undefined` where the server has one.
 * @param readLabel reads the label that the request names, empty for none
 * @throws WireRequestError for a label that there is not
 */
export function chooseVersion(
  models: ModelSource,
  readLabel: () => string,
  userId?: number | string,
): VersionChoice | undefined {
  if (models.labelOf === undefined) return undefined;
  const named = readLabel();
  if (named === '') return { label: models.labelOf(userId), isNamed: false };
  const label = versionLabels.find((each) => each === named);
  if (label !== undefined) return { label, isNamed: true };
  const allowed = versionLabels.join(' or ');
  throw new WireRequestError('version_label', `version_label is ${JSON.stringify(named)}, but it must be ${allowed}.`);
}

/** Takes the model of a choice. While an assigned canary is not loaded, `stable` answers its users too. */
export function acquireChosen(models: ModelSource, choice: VersionChoice | undefined): LabelledLease | undefined {
  if (choice === undefined) return withLabel(models.acquire(), models.labelOf && 'stable');
  const { label, isNamed } = choice;
  const lease = withLabel(models.acquire(label), label);
  return lease === undefined && !isNamed ? withLabel(models.acquire('stable'), 'stable') : lease;
}

function withLabel(lease: ModelLease | undefined, label: VersionLabel | undefined): LabelledLease | undefined {
  if (lease === undefined || label === undefined) return lease;
  return {
    service: lease.service,
    label,
    release: () => {
      lease.release();
    },
  };
}
