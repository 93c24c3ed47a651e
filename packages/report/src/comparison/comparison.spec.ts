import { renderComparison } from '../html/render-report';
import { renderTerminal } from '../terminal/render-terminal';
import { comparisonSections, type ComparedVersion } from './comparison-sections';

const protocol = { data: 'd', split: 'leave-last-out', heldOut: 'h' };

const first: ComparedVersion = {
  version: 'v1',
  createdAt: '2026-11-22T10:15:00.000Z',
  counts: { users: 610, items: 9724, interactions: 100_836 },
  metrics: { model: { 'hitRate@10': 0.0885, 'ndcg@10': 0.04 }, popularity: { 'hitRate@10': 0.0426 } },
  config: { training: { lr: 0.001, epochs: 5 }, data: { source: 'movielens:<b>' }, runtime: { output: 'a' } },
  protocol,
};
const second: ComparedVersion = {
  ...first,
  version: 'v2',
  metrics: { model: { 'hitRate@10': 0.0985 }, popularity: { 'hitRate@10': 0.0426 } },
  config: { ...first.config, training: { lr: 0.004, epochs: 5 }, runtime: { output: 'b' } },
};

const shown = (a: ComparedVersion, b: ComparedVersion): string =>
  renderTerminal(comparisonSections(a, b), { color: false });

it('puts metrics side by side with their difference', () => {
  const text = shown(first, second);
  expect(text).toMatch(/hitRate@10 +0\.0885 +0\.0985 +\+0\.0100/);
  expect(text).toMatch(/ndcg@10 +0\.0400 +– +–/);
  expect(text).toContain('Both were measured on the same held-out events of the same data.');
});

it('shows the options that differ, but not where results were written', () => {
  const text = shown(first, second);
  expect(text).toMatch(/training\.lr +0\.001 +0\.004/);
  expect(text).not.toMatch(/training\.epochs|runtime\.output/);
  expect(shown(first, first)).toContain('Both were made with the same options.');
});

it('warns where the figures do not belong together', () => {
  const other = { ...second, protocol: { ...protocol, data: 'other' } };
  expect(shown(first, other)).toContain('They were measured on different data or held-out events');
  expect(shown(first, { ...second, protocol: undefined })).toContain('v2 does not say what its metrics');
});

it('is a page as well', () => {
  const page = renderComparison(first, { ...second, config: { data: { source: '<script>' } } });
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).toContain('<h1>v1 and v2</h1>');
  expect(page).toContain('&lt;script&gt;');
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
});
