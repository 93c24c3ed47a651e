module.exports = { ...require('../../jest.preset.cjs'), displayName: 'item-catalogue' };
