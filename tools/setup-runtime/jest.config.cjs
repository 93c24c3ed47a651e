module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'setup-runtime',
  testMatch: ['<rootDir>/src/**/*.spec.cjs'],
};
