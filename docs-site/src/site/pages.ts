import { contents } from './contents';

/** A file of the repository that becomes a page. */
export interface Page {
  /** Relative to the root of the repository. */
  readonly source: string;
  /** Where it stands in the site, without an ending. */
  readonly path: string;
}

/** Folders whose folders each have a README that becomes a page. */
const READMES = ['packages', 'apps', 'examples', 'clients', 'tools'];

/** A folder in `docs` whose pages are found by themselves. */
export interface ListedFolder {
  readonly folder: string;
  /** What the sidebar calls it. */
  readonly text: string;
}

/** They follow the contents, in the order of their file names. */
export const LISTED: readonly ListedFolder[] = [
  { folder: 'decisions', text: 'Decisions' },
  { folder: 'experiments', text: 'Experiments' },
];

/**
 * All pages: those of the contents, the decisions and experiments, and the READMEs of packages.
 * @param list names in a folder, relative to the root
 */
export function collectPages(list: (folder: string) => readonly string[]): Page[] {
  const written = contents.flatMap(({ pages }) => pages);
  const listed = LISTED.flatMap(({ folder }) =>
    list(`docs/${folder}`)
      .filter((file) => file.endsWith('.md'))
      .map((file) => ({ source: `docs/${folder}/${file}`, path: `${folder}/${pageName(file)}` })),
  );
  const readmes = READMES.flatMap((folder) => list(folder).map((name) => `${folder}/${name}`))
    .concat('proto', 'e2e', 'benchmarks', 'docs-site')
    .filter((folder) => !folder.includes('.') && list(folder).includes('README.md'))
    .map((folder) => ({ source: `${folder}/README.md`, path: folder }));
  return [...written, ...listed, ...readmes];
}

const pageName = (file: string): string => (file === 'README.md' ? 'index' : file.replace(/\.md$/, ''));
