import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { collectPages } from './pages';

const root = join(__dirname, '../../..');
const pages = collectPages((folder) => readdirSync(join(root, folder)));

it('every page has a file and a place of its own', () => {
  expect(pages.filter(({ source }) => !existsSync(join(root, source)))).toEqual([]);
  expect(new Set(pages.map(({ path }) => path)).size).toBe(pages.length);
});

it('every document is a page', () => {
  const documents = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`);
  const sources = pages.map(({ source }) => source);
  expect(documents.filter((file) => !sources.includes(file))).toEqual([]);
});
