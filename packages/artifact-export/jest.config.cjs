module.exports = { ...require('../../jest.preset.cjs'), displayName: 'artifact-export' };
