import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DocsError } from './errors';

/** A page about what one package exports. */
export interface PackageReference {
  readonly name: string;
  readonly markdown: string;
}

/**
 * Makes the API reference of packages out of their docstrings, with TypeDoc.
 * @param site folder of `typedoc.json`
 * @param packages names of folders in `packages`
 * @throws DocsError with what TypeDoc printed
 */
export function renderTypescriptReference(site: string, packages: readonly string[]): PackageReference[] {
  const out = mkdtempSync(join(tmpdir(), 'vector-recall-typedoc-'));
  try {
    const typedoc = join(dirname(require.resolve('typedoc/package.json')), 'bin/typedoc');
    const entryPoints = packages.flatMap((name) => ['--entryPoints', `../packages/${name}/src/index.ts`]);
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [typedoc, '--options', 'typedoc.json', '--out', out, ...entryPoints],
      { cwd: site, encoding: 'utf8' },
    );
    if (status !== 0) throw new DocsError('REFERENCE_FAILED', `TypeDoc failed:\n${stdout}${stderr}`);
    return packages.map((name) => ({
      name,
      markdown: renameModules(readFileSync(join(out, name, 'src.md'), 'utf8'), name),
    }));
  } finally {
    rmSync(out, { recursive: true });
  }
}

/** Names modules by their packages: TypeDoc calls them `trainer/src` and links to `../trainer/src.md`. */
export function renameModules(markdown: string, name: string): string {
  return markdown
    .replace(/^# .*$/m, `# ${name}`)
    .replaceAll(/\]\((?:\.\.\/)+([a-z-]+)\/src\.md/g, '](/api/$1')
    .replaceAll('](src.md#', '](#');
}
