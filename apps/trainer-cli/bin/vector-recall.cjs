#!/usr/bin/env node
'use strict';
/** Starts the command. In a fresh checkout that isn't built yet, it builds first. */
const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

// libtensorflow writes what it finds about the processor to stderr, unless told to keep to warnings before it loads.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';

const main = join(__dirname, '../dist/main.js');

if (!existsSync(main)) {
  const root = join(__dirname, '../../..');
  process.stderr.write('Building vector-recall, once; this takes a minute (npx nx run trainer-cli:build).\n');
  const nx = require.resolve('nx/bin/nx.js', { paths: [root] });
  const built = spawnSync(process.execPath, [nx, 'run', 'trainer-cli:build'], { cwd: root, encoding: 'utf8' });
  if (built.status !== 0 || !existsSync(main)) {
    process.stderr.write(`${built.stdout}${built.stderr}\nvector-recall: The build failed; the lines above say why.\n`);
    process.exit(1);
  }
}

require(main);
