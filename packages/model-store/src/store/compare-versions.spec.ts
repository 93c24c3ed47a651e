import { VersionsNotComparableError } from '../errors';
import type { Manifest } from '../manifest/manifest';
import { sampleFields } from '../testing/sample-fields';
import { compareVersions } from './compare-versions';

const sum = (digit: string): string => digit.repeat(64);
const protocol = { data: sum('a'), split: 'leave-last-out', heldOut: sum('b') };

function manifest(version: string, hitRate: number, changes: Partial<Manifest> = {}): Manifest {
  return {
    ...sampleFields,
    formatVersion: 1,
    version,
    createdAt: '2026-11-28T10:00:00.000Z',
    files: {},
    parents: [],
    metrics: { model: { 'hitRate@100': hitRate, mrr: 0.1 } },
    protocol,
    ...changes,
  };
}

const oldVersion = '20261127T100000Z-0001';
const newVersion = '20261128T100000Z-0002';
const metric = 'hitRate@100';

it.each([
  [0.31, 0.3, 0, true],
  [0.3, 0.3, 0, false],
  [0.29, 0.3, 0, false],
  [0.3125, 0.3, 0.0125, true],
  [0.31, 0.3, 0.02, false],
])('%d against %d is better by %d: %p', (ours, theirs, by, isBetter) => {
  const compared = compareVersions(manifest(newVersion, ours), manifest(oldVersion, theirs), { metric, by });
  expect(compared).toEqual({ metric, candidate: ours, current: theirs, isBetter });
});

const refusal = (candidate: Partial<Manifest>, current: Partial<Manifest> = {}, name = metric): string => {
  try {
    compareVersions(manifest(newVersion, 0.3, candidate), manifest(oldVersion, 0.2, current), { metric: name, by: 0 });
  } catch (error) {
    if (error instanceof VersionsNotComparableError) return error.message;
  }
  throw new Error('It was not refused.');
};

it('refuses metrics of other data or another split by name', () => {
  const intro = `The metrics of ${newVersion} and of the current version ${oldVersion} were measured with different`;
  expect(refusal({ protocol: { ...protocol, data: sum('c'), heldOut: sum('d') } })).toBe(
    `${intro} data, held-out events, so they can't be compared; vector-recall train --promote if-better compares both on one split.`,
  );
  expect(refusal({ protocol: { ...protocol, split: 'random-80-20' } })).toContain(
    `${intro} split (random-80-20 and leave-last-out), so`,
  );
});

it('refuses versions that do not say what they were measured on, and metrics that they lack', () => {
  expect(refusal({}, { protocol: undefined })).toBe(
    `The version ${oldVersion} does not say what its metrics were measured on, so they can't be compared; ` +
      'train it again, or promote without --if-better.',
  );
  expect(refusal({}, {}, 'hitRate@7')).toBe(
    `The version ${newVersion} has no metric hitRate@7; it has hitRate@100, mrr.`,
  );
  expect(refusal({}, {}, 'constructor')).toContain('has no metric constructor');
});
