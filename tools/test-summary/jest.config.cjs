module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'test-summary',
  testMatch: ['<rootDir>/src/**/*.spec.cjs'],
};
