'use strict';
/** Tells whether the built files of a checkout are older than its sources. An installed package has no sources. */
const { createHash } = require('node:crypto');
const { existsSync, readdirSync, readFileSync, statSync } = require('node:fs');
const { join, resolve } = require('node:path');

const SCOPE = '@vector-recall/';

/** The folders of a project and of all that it is built from. */
function projectsOf(root, folder, found = new Set()) {
  if (found.has(folder) || !existsSync(join(folder, 'package.json'))) return found;
  found.add(folder);
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) {
    if (name.startsWith(SCOPE)) projectsOf(root, join(root, 'packages', name.slice(SCOPE.length)), found);
  }
  return found;
}

/** The files that a build compiles: no tests, nor what serves tests alone. */
function sourcesIn(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /(?<!\.spec)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => !/[\\/]testing[\\/]/.test(file));
}

/** The hash that the compiler has noted for each file of a build. */
function builtHashes(buildInfo) {
  const { fileNames = [], fileInfos = [] } = JSON.parse(readFileSync(buildInfo, 'utf8'));
  const folder = join(buildInfo, '..');
  return new Map(
    fileNames.map((name, i) => [
      resolve(folder, name),
      typeof fileInfos[i] === 'string' ? fileInfos[i] : fileInfos[i]?.version,
    ]),
  );
}

/**
 * A source file that was changed after its project was built, or undefined. Times tell which files to look at, and the
 * compiler's own hashes whether their text differs: a file that was only touched is no change.
 *
 * @param {string} root the checkout
 * @param {string} folder of the project that is started
 * @returns {string | undefined}
 */
exports.findStaleSource = (root, folder) => {
  for (const project of projectsOf(root, folder)) {
    const buildInfo = join(project, 'dist/tsconfig.lib.tsbuildinfo');
    const sources = join(project, 'src');
    if (!existsSync(buildInfo) || !existsSync(sources)) continue;
    const builtAt = statSync(buildInfo).mtimeMs;
    const newer = sourcesIn(sources).filter((file) => statSync(file).mtimeMs > builtAt);
    if (newer.length === 0) continue;
    const hashes = builtHashes(buildInfo);
    const changed = newer.find((file) => {
      const hash = createHash('sha256').update(readFileSync(file, 'utf8')).digest('hex');
      return hashes.get(file) !== hash;
    });
    if (changed !== undefined) return changed;
  }
  return undefined;
};
