import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { documentedPackages } from './contents';
import { linkPage, type LinkTargets } from './links';
import { collectPages } from './pages';
import { descriptorSetSchema, renderProtoReference } from './proto-reference';
import { renderTypescriptReference } from './typescript-reference';

/**
 * Fills `.pages`, from which VitePress builds: the Markdown of the repository with the links of the site, the files that
 * it links to, and the API reference.
 */
const site = join(__dirname, '../..');
const root = join(site, '..');
const staged = join(site, '.pages');

function write(path: string, text: string): void {
  const file = join(staged, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

rmSync(staged, { recursive: true, force: true });

const pages = collectPages((folder) => readdirSync(join(root, folder)).sort());
const targets: LinkTargets = {
  repository: {
    has: (path) => existsSync(join(root, path)),
    isFolder: (path) => statSync(join(root, path)).isDirectory(),
  },
  pages: new Map(pages.map(({ source, path }) => [source, path])),
};
for (const { source, path } of pages) {
  const { text, files } = linkPage(source, readFileSync(join(root, source), 'utf8'), targets);
  write(`${path}.md`, text);
  for (const file of files) cpSync(join(root, file), join(staged, 'public/files', file));
}

const buf = join(dirname(require.resolve('@bufbuild/buf/package.json')), 'bin/buf');
const descriptors = execFileSync(buf, ['build', '-o', '-#format=json'], {
  cwd: join(root, 'proto'),
  encoding: 'utf8',
  maxBuffer: 1 << 26,
});
write('api/grpc.md', renderProtoReference(descriptorSetSchema.parse(JSON.parse(descriptors))));
for (const { name, markdown } of renderTypescriptReference(site, documentedPackages)) write(`api/${name}.md`, markdown);
