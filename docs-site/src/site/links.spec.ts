import { DocsError } from './errors';
import { linkPage, type LinkTargets } from './links';

const folders = ['docs', 'packages/towers', 'deploy'];
const files = ['README.md', 'LICENSE', 'docs/serving.md', 'docs/images/a.svg', 'packages/towers/README.md'];
const targets: LinkTargets = {
  repository: {
    has: (path) => [...folders, ...files].includes(path),
    isFolder: (path) => folders.includes(path),
  },
  pages: new Map([
    ['README.md', 'index'],
    ['docs/serving.md', 'serving'],
    ['packages/towers/README.md', 'packages/towers'],
  ]),
};

const link = (markdown: string) => linkPage('docs/serving.md', markdown, targets);

it.each([
  ['a page', '[s](serving.md#run)', '[s](/serving#run)'],
  ['the first page', '[r](../README.md)', '[r](/index)'],
  ['the README of a folder', '[t](../packages/towers)', '[t](/packages/towers)'],
  ['a folder without one', 'see [`deploy`](../deploy/).', 'see `deploy`.'],
  ['another site', '[x](https://example.com/a.md)', '[x](https://example.com/a.md)'],
  ['the same page', '[x](#run)', '[x](#run)'],
])('a link to %s', (_, markdown, expected) => {
  expect(link(markdown)).toEqual({ text: expected, files: [] });
});

it('offers other files as they are, images too', () => {
  expect(link('[licence](../LICENSE) ![a [b]](images/a.svg)')).toEqual({
    text: '[licence](/files/LICENSE) ![a [b]](/files/docs/images/a.svg)',
    files: ['LICENSE', 'docs/images/a.svg'],
  });
});

it('leaves blocks of code alone', () => {
  const text = '```ts\ncall[0](absent.md)\n```';
  expect(link(text).text).toBe(text);
});

it('refuses a link to what is not there', () => {
  expect(() => link('[x](absent.md)')).toThrow(
    new DocsError('DEAD_LINK', 'docs/serving.md links to absent.md, which the repository does not hold.'),
  );
});
