import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findDeadLinks } from './dead-links';
import { DocsError } from './errors';

/** Fails if a link, an anchor or an image of the built site leads nowhere. */
const dist = join(__dirname, '../../dist/site');
const files = readdirSync(dist, { recursive: true, encoding: 'utf8' });
const html = new Map(
  files.filter((file) => file.endsWith('.html')).map((file) => [file, readFileSync(join(dist, file), 'utf8')]),
);
if (!html.has('index.html')) throw new DocsError('DEAD_LINK', `${dist} holds no site; build it first.`);
const dead = findDeadLinks(html, new Set(files));
if (dead.length > 0) {
  throw new DocsError(
    'DEAD_ANCHOR',
    `${dead.length} links lead nowhere:\n${dead.map(({ page, link }) => `  ${page}: ${link}`).join('\n')}`,
  );
}
process.stdout.write(`${html.size} pages, no dead links.\n`);
