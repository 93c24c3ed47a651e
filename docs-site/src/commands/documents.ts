import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectPages } from '../site/pages';
import { root } from './workspace';

/** A page of the documentation. */
export interface Document {
  /** Relative to the root. */
  readonly source: string;
  readonly markdown: string;
}

/** Every page that becomes one of the site. */
export function readDocuments(): Document[] {
  const pages = collectPages((folder) => readdirSync(join(root, folder)).sort());
  return pages.map(({ source }) => ({ source, markdown: readFileSync(join(root, source), 'utf8') }));
}
