import { plannedEpochs } from './planned-epochs';

it.each([
  { epochs: 14, maxSteps: 0, stepsPerEpoch: 10_000, planned: 14 },
  { epochs: 14, maxSteps: 2500, stepsPerEpoch: 100, planned: 14 },
  { epochs: 14, maxSteps: 2500, stepsPerEpoch: 470, planned: 5 },
  { epochs: 14, maxSteps: 2500, stepsPerEpoch: 10_000, planned: 1 },
])(
  'plans $planned of $epochs epochs of $stepsPerEpoch steps within $maxSteps',
  ({ planned, stepsPerEpoch, ...config }) => {
    expect(plannedEpochs(config, stepsPerEpoch)).toBe(planned);
  },
);
