'use strict';
/** Starts a command from its built files. In a checkout it builds them first, and says so when they are out of date. */
const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { basename, join, relative } = require('node:path');
const { findStaleSource } = require('./stale-build.cjs');

/**
 * @param {string} program the command's name
 * @param {string} folder the package that holds it: one of `apps/` in a checkout, or an installed one
 */
exports.launch = (program, folder) => {
  // libtensorflow writes what it finds about the processor to stderr, unless told to keep to warnings before it loads.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';

  const main = join(folder, 'dist/main.js');
  const root = join(folder, '../..');
  if (existsSync(join(root, 'nx.json'))) bringUpToDate(program, root, folder, main);
  require(main);
};

/** Builds a command that a checkout has not built yet, and warns of one whose sources have changed since. */
function bringUpToDate(program, root, folder, main) {
  const project = basename(folder);
  if (!existsSync(main)) {
    process.stderr.write(`Building ${program} once; this takes a minute (npx nx run ${project}:build).\n`);
    const nx = require.resolve('nx/bin/nx.js', { paths: [root] });
    const built = spawnSync(process.execPath, [nx, 'run', `${project}:build`], { cwd: root, encoding: 'utf8' });
    if (built.status !== 0 || !existsSync(main)) {
      process.stderr.write(`${built.stdout}${built.stderr}\n${program}: The build failed; the lines above say why.\n`);
      process.exit(1);
    }
  }
  // The workers of a server start the same way; one warning is enough.
  const stale = process.env.NODE_UNIQUE_ID === undefined ? findStaleSource(root, folder) : undefined;
  if (stale !== undefined) {
    const file = relative(root, stale);
    process.stderr.write(
      `${program}: ${file} has changed since the build; npx nx run ${project}:build brings it up to date.\n`,
    );
  }
}
