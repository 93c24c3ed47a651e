'use strict';
/** Starts a command out of its built files. In a fresh checkout that isn't built yet, it builds first. */
const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '../..');

/**
 * @param {string} program the command's name
 * @param {string} project the Nx project in `apps/` that holds it
 */
exports.launch = (program, project) => {
  // libtensorflow writes what it finds about the processor to stderr, unless told to keep to warnings before it loads.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';

  const main = join(root, 'apps', project, 'dist/main.js');
  if (!existsSync(main)) {
    process.stderr.write(`Building ${program}, once; this takes a minute (npx nx run ${project}:build).\n`);
    const nx = require.resolve('nx/bin/nx.js', { paths: [root] });
    const built = spawnSync(process.execPath, [nx, 'run', `${project}:build`], { cwd: root, encoding: 'utf8' });
    if (built.status !== 0 || !existsSync(main)) {
      process.stderr.write(`${built.stdout}${built.stderr}\n${program}: The build failed; the lines above say why.\n`);
      process.exit(1);
    }
  }
  require(main);
};
