module.exports = { ...require('../../jest.preset.cjs'), displayName: 'own-vectors' };
