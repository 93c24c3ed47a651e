/**
 * Lets Node run TypeScript sources (`node -r`): under jest the packages are read from their sources, and so are the
 * modules that they start on threads or in child processes, or a stale build would be tested.
 */
const { readFileSync } = require('node:fs');
const { transformSync } = require('@swc/core');

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' }, keepClassNames: true },
    module: { type: 'commonjs' },
    swcrc: false,
  });
  module._compile(code, filename);
};
