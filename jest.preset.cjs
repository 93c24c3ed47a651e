/**
 * The jest settings of every room.
 * The source condition comes first so that tests read the sources of a sibling package and never a stale `dist`.
 */
const esmOnly = [
  'hyparquet',
  'hyparquet-compressors',
  'hyparquet-writer',
  'fast-check',
  'pure-rand',
  'hysnappy',
  'fzstd',
];

/**
 * Globals that computations read in their loops, given to each module as parameters: jest runs tests in a context of
 * `vm`, where reading a global goes through a slow interceptor. One spec that trains took 20 s of processor time instead of 37
 * by this. What tests replace, such as timers, Date, performance and fetch, must not be here, nor a name that a dependency gives a
 * class of its own, such as Map.
 */
const fastGlobals = [
  'Math',
  'Number',
  'Infinity',
  'Array',
  'ArrayBuffer',
  'Uint8Array',
  'Uint16Array',
  'Uint32Array',
  'Int8Array',
  'Int32Array',
  'Float32Array',
  'Float64Array',
  'BigInt',
  'Object',
  'JSON',
];

module.exports = {
  sandboxInjectedGlobals: fastGlobals,
  testEnvironment: 'node',
  // A test that hangs ends all the same; one on a busy machine with two cores is no failure.
  testTimeout: 300_000,
  reporters: ['default', require.resolve('./tools/test-summary/reporter.cjs')],
  testEnvironmentOptions: { customExportConditions: ['@vector-recall/source', 'node', 'require', 'default'] },
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  moduleFileExtensions: ['ts', 'js', 'cjs', 'mjs', 'json', 'node'],
  transform: {
    '^.+\\.(ts|js|mjs)$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' }, keepClassNames: true },
        module: { type: 'commonjs' },
        swcrc: false,
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
};
