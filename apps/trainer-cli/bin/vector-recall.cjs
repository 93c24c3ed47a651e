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
  process.stderr.write('Building vector-recall, once: npx nx run trainer-cli:build\n');
  const built = spawnSync(
    process.execPath,
    [require.resolve('nx/bin/nx.js', { paths: [root] }), 'run', 'trainer-cli:build'],
    {
      cwd: root,
      // Standard output belongs to the command itself.
      stdio: ['ignore', 2, 2],
    },
  );
  if (built.status !== 0 || !existsSync(main)) {
    process.stderr.write('The build failed; npx nx run trainer-cli:build shows why.\n');
    process.exit(1);
  }
}

require(main);
