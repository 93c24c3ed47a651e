module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'native-addon',
  testMatch: ['<rootDir>/src/**/*.spec.cjs'],
};
