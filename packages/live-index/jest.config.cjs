module.exports = { ...require('../../jest.preset.cjs'), displayName: 'live-index' };
