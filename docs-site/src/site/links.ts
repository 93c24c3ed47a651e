import { posix } from 'node:path';
import { DocsError } from './errors';

/** What the repository holds at the target of a link. */
export interface Repository {
  /** Whether a file or folder stands at this path, relative to the root. */
  has(path: string): boolean;
  isFolder(path: string): boolean;
}

/** Where links of pages lead. */
export interface LinkTargets {
  readonly repository: Repository;
  /** The path in the site of each page, by its file. */
  readonly pages: ReadonlyMap<string, string>;
}

/** A page with the links of the site, and the other files that it links to. */
export interface LinkedPage {
  readonly text: string;
  /** Files that the site offers as they are, relative to the root. */
  readonly files: readonly string[];
}

const isExternal = (link: string): boolean => /^[a-z][a-z+.-]*:|^#/i.test(link);

/** The page that a path leads to: the file itself, or the README of a folder. */
function pageAt(path: string, pages: LinkTargets['pages']): string | undefined {
  return pages.get(path) ?? pages.get(posix.join(path, 'README.md'));
}

/**
 * Points the links of a page to the site: to pages, and to copies of other files. A link to a folder without a README
 * becomes its text.
 * @param source file of the page, relative to the root of the repository
 * @throws DocsError if the repository does not hold a target
 */
export function linkPage(source: string, markdown: string, targets: LinkTargets): LinkedPage {
  const files = new Set<string>();
  const replaceLink = (whole: string, image: string, text: string, link: string): string => {
    if (isExternal(link)) return whole;
    const [target = '', ...anchors] = link.split('#');
    const anchor = anchors.map((name) => `#${name}`).join('');
    const path = posix.normalize(posix.join(posix.dirname(source), target)).replace(/\/$/, '');
    if (!targets.repository.has(path)) {
      throw new DocsError('DEAD_LINK', `${source} links to ${link}, which the repository does not hold.`);
    }
    const page = pageAt(path, targets.pages);
    if (page !== undefined) return `${image}[${text}](/${page}${anchor})`;
    if (targets.repository.isFolder(path)) return text;
    files.add(path);
    return `${image}[${text}](/files/${path})`;
  };
  const text = outsideCode(markdown, (prose) =>
    prose.replaceAll(/(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)/g, replaceLink),
  );
  return { text, files: [...files] };
}

/** Changes what is neither in a fenced block nor in backticks. */
function outsideCode(markdown: string, change: (prose: string) => string): string {
  const pieces = markdown.split(/(^ *```[^]*?^ *```$)/m);
  return pieces.map((piece, place) => (place % 2 === 1 ? piece : change(piece))).join('');
}
