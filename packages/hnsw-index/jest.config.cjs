module.exports = { ...require('../../jest.preset.cjs'), displayName: 'hnsw-index' };
