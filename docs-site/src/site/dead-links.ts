import { posix } from 'node:path';

/** A link that leads nowhere, and the page that has it. */
export interface DeadLink {
  readonly page: string;
  readonly link: string;
}

/**
 * The links and images of a built site whose file or anchor is not there. Links to other sites are not followed.
 * @param html text of each page, by its path in the site, as `guide/start.html`
 * @param files paths of everything in the site
 */
export function findDeadLinks(html: ReadonlyMap<string, string>, files: ReadonlySet<string>): DeadLink[] {
  const anchors = new Map([...html].map(([page, text]) => [page, anchorsOf(text)]));
  return [...html].flatMap(([page, text]) =>
    linksOf(text)
      .filter((link) => !leadsSomewhere(page, link, anchors, files))
      .map((link) => ({ page, link })),
  );
}

const unescape = (text: string): string => text.replaceAll('&amp;', '&').replaceAll('&#39;', "'");

const anchorsOf = (html: string): ReadonlySet<string> =>
  new Set(Array.from(html.matchAll(/ id="([^"]+)"/g), ([, id = '']) => unescape(id)));

const linksOf = (html: string): string[] => [
  ...new Set(Array.from(html.matchAll(/<(?:a|img)\b[^>]* (?:href|src)="([^"]*)"/g), ([, link = '']) => unescape(link))),
];

function leadsSomewhere(
  page: string,
  link: string,
  anchors: ReadonlyMap<string, ReadonlySet<string>>,
  files: ReadonlySet<string>,
): boolean {
  if (/^([a-z][a-z+.-]*:|\/\/)/i.test(link)) return true;
  const [path = '', anchor = ''] = link.split('#').map(decodeURIComponent);
  const target = path === '' ? page : path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(page), path);
  const file = [target, `${target}.html`, posix.join(target, 'index.html')].find(
    (name) => files.has(name) && name !== '',
  );
  const found = file ?? (target === '' ? 'index.html' : undefined);
  if (found === undefined || !files.has(found)) return false;
  return anchor === '' || anchors.get(found)?.has(anchor) !== false;
}
