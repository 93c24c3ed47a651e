import { findDeadLinks } from './dead-links';

const html = new Map([
  ['index.html', '<h1 id="top">A</h1><a class="x" href="/guide/start#run">a</a><a href="#top">b</a><img src="/a.svg">'],
  [
    'guide/start.html',
    '<h2 id="run">B</h2><a href="../#top">a</a><a href="/">b</a><a href="https://example.com/c">c</a>',
  ],
]);
const files = new Set([...html.keys(), 'a.svg']);

it('finds nothing where every link leads somewhere', () => {
  expect(findDeadLinks(html, files)).toEqual([]);
});

it.each([
  ['a page', '<a href="/guide/end">x</a>', '/guide/end'],
  ['an anchor', '<a href="/guide/start#stop">x</a>', '/guide/start#stop'],
  ['an anchor of its own', '<a href="#stop">x</a>', '#stop'],
  ['an image', '<img alt="x" src="b.svg">', 'b.svg'],
])('finds a link to %s that is not there', (_, text, link) => {
  expect(findDeadLinks(new Map([...html, ['dead.html', text]]), files)).toEqual([{ page: 'dead.html', link }]);
});
