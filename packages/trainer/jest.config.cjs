// The native library reads its log level from the real environment, which jest hands to tests as a copy.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';

module.exports = { ...require('../../jest.preset.cjs'), displayName: 'trainer' };
