module.exports = { ...require('../../jest.preset.cjs'), displayName: 'bulk-recall' };
