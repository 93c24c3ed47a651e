/** A page of the site that is written by hand. */
export interface ContentsPage {
  /** What the sidebar calls it. */
  readonly text: string;
  /** Its file, relative to the root of the repository. */
  readonly source: string;
  /** Where it stands in the site, without an ending; `index` is the first page. */
  readonly path: string;
}

/** A group of pages under one heading of the sidebar. */
export interface ContentsGroup {
  readonly text: string;
  readonly pages: readonly ContentsPage[];
}

const doc = (text: string, name: string): ContentsPage => ({ text, source: `docs/${name}.md`, path: name });

/** The pages in the order of the sidebar. */
export const contents: readonly ContentsGroup[] = [
  {
    text: 'Start',
    pages: [
      { text: 'Overview', source: 'README.md', path: 'index' },
      doc('Quick start', 'quick-start'),
      doc('Your own data', 'your-data'),
      doc('How do I …', 'how-do-i'),
      doc('Concepts', 'concepts'),
    ],
  },
  {
    text: 'Train',
    pages: [
      doc('Tuning', 'tuning'),
      doc('Versions and retraining', 'day-two'),
      doc('Quality', 'quality'),
      doc('Report and tracking', 'report'),
      doc('Configuration', 'configuration'),
    ],
  },
  {
    text: 'Serve',
    pages: [
      doc('Serving', 'serving'),
      doc('Catalogue and filters', 'catalogue'),
      doc('The vector index', 'vector-index'),
      doc('Exports', 'carry-away'),
    ],
  },
  {
    text: 'Operate',
    pages: [
      doc('Deployment', 'deployment'),
      doc('Observability', 'observability'),
      doc('Reliability', 'reliability'),
      doc('Benchmarks', 'benchmarks'),
    ],
  },
  {
    text: 'Project',
    pages: [
      { text: 'Contributing', source: 'CONTRIBUTING.md', path: 'contributing' },
      { text: 'Changelog', source: 'CHANGELOG.md', path: 'changelog' },
      { text: 'Security', source: 'SECURITY.md', path: 'security' },
    ],
  },
];

/** Packages whose exports the API reference documents, in the order in which a caller meets them. */
export const documentedPackages = [
  'recall-grpc',
  'recall-service',
  'trainer',
  'towers',
  'datasets',
  'hnsw-index',
  'own-vectors',
  'item-catalogue',
  'model-store',
  'core-config',
] as const;
