module.exports = {
  ...require('../jest.preset.cjs'),
  displayName: 'e2e',
  // Each test starts whole training runs.
  testTimeout: 600_000,
  maxWorkers: 2,
  testSequencer: require.resolve('./longest-first.cjs'),
};
