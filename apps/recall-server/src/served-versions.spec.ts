import { readServedVersions } from './served-versions';

const STABLE = '20261101T000000Z-0001';
const CANARY = '20261102T000000Z-0002';

it.each([
  ['', '0%', {}],
  ['stable=current', '0%', {}],
  [`stable=${STABLE}`, '0%', { stable: STABLE }],
  [`stable=current,canary=${CANARY}`, '5%', { canary: { version: CANARY, buckets: 500 } }],
  [`stable=${STABLE},canary=current`, '0.25%', { stable: STABLE, canary: { buckets: 25 } }],
])('reads --serve "%s" --canary-share %s', (serve, canaryShare, expected) => {
  expect(readServedVersions({ serve, canaryShare })).toEqual(expected);
});

it.each([
  [CANARY, '0%', 'it must be stable=VERSION,canary=VERSION, where VERSION may be current.'],
  ['canary=current', '5%', 'it must be stable=VERSION'],
  ['stable=current', '5%', '--canary-share needs a canary; name one with --serve.'],
])('refuses --serve "%s" --canary-share %s', (serve, canaryShare, message) => {
  expect(() => readServedVersions({ serve, canaryShare })).toThrow(message);
});
