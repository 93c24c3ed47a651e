module.exports = { ...require('../../jest.preset.cjs'), displayName: 'recall-http' };
