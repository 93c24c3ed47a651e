import { formatBytes, formatCount, formatFigure, formatMs, printable } from '../format';
import { comparisonSections, type ComparedVersion } from '../comparison/comparison-sections';
import type { Recommendations, RunSummary } from '../run-summary';
import { figureOf } from '../sections/evaluation-section';
import { intervalTables } from '../sections/evidence-tables';
import { runSections } from '../sections/run-sections';
import type { ReportSection } from '../sections/section';
import { profileFacts } from '../sections/training-sections';
import { batchChart, metricCharts, sliceCharts } from './charts';
import { drawSection } from './draw-section';
import { html, Markup } from './html';
import { mapChart } from './map-chart';
import { periodCharts } from './period-chart';
import { reproductionSection } from './reproduction';
import { searchChart } from './search-chart';
import { stylesheet } from './style';
import { trainingCharts } from './training-charts';
import { userCards } from './user-cards';

function chartsOf(section: ReportSection, run: RunSummary): readonly Markup[] {
  switch (section.id) {
    case 'data':
      return run.dataset.profile === undefined ? [] : periodCharts(run.dataset.profile);
    case 'training':
      return trainingCharts(run.training);
    case 'evaluation':
      return [...metricCharts(run.evaluation), ...sliceCharts(run.evaluation)];
    case 'index':
      return run.searches === undefined ? [] : [searchChart(run.searches)];
    case 'neighbours':
      return run.itemMap === undefined ? [] : [mapChart(run.itemMap)];
    case 'speed':
      return run.benchmark === undefined ? [] : batchChart(run.benchmark);
    default:
      return [];
  }
}

function headline(run: RunSummary): Markup {
  const hits = figureOf(run.evaluation.model, 'hitRate@100');
  const popular = figureOf(run.evaluation.popularity, 'hitRate@100');
  const figures: (readonly [string, string])[] = [
    ...(hits === undefined ? [] : [['HitRate@100', formatFigure(hits, 3)] as const]),
    ...(hits === undefined || popular === undefined || popular === 0
      ? []
      : [['times popularity', `${(hits / popular).toFixed(1)}×`] as const]),
    ['parameters', formatCount(run.model.parameters)],
    ['index', formatBytes(run.index.bytes)],
    ...(run.benchmark === undefined ? [] : [['median latency', `${formatMs(run.benchmark.single.p50Ms)} ms`] as const]),
  ];
  return html`<dl class="headline">
    ${figures.map(
      ([label, value]) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** A section with what only a page has room for. */
function atLength(section: ReportSection, { dataset, evaluation }: RunSummary): ReportSection {
  const { id, facts, tables } = section;
  if (id === 'data') return { ...section, facts: [...facts, ...profileFacts(dataset)] };
  if (id === 'evaluation') return { ...section, tables: [...tables, ...intervalTables(evaluation)] };
  return section;
}

function shownUsers({ demo, demos = [] }: RunSummary): readonly Recommendations[] {
  return demo === undefined ? demos : [demo, ...demos];
}

/** The report of a run as one HTML page. */
export function renderReport(run: RunSummary): string {
  const lead = html`Version ${run.artifact.version}: ${formatCount(run.dataset.users)} users,
  ${formatCount(run.dataset.items)} items, ${formatCount(run.dataset.interactions)} interactions.`;
  const sections = runSections(run).map((section) =>
    section.id === 'recommendations'
      ? userCards(shownUsers(run))
      : drawSection(atLength(section, run), chartsOf(section, run)),
  );
  const reproduction = run.reproduction === undefined ? [] : [reproductionSection(run.reproduction)];
  const content = [headline(run), ...sections, ...reproduction];
  return renderPage(`Vector Recall: ${printable(run.dataset.name)}`, lead, content);
}

/** Two versions side by side as one HTML page. */
export function renderComparison(a: ComparedVersion, b: ComparedVersion): string {
  const sections = comparisonSections(a, b).map((section) => drawSection(section, []));
  const lead = html`Two versions of one store, side by side.`;
  return renderPage(`${printable(a.version)} and ${printable(b.version)}`, lead, sections);
}

/**
 * A page that loads nothing: styles and charts are inside, and a content policy forbids the rest, so that nothing in the
 * data can make a browser fetch or run anything.
 */
function renderPage(title: string, lead: Markup, content: readonly Markup[]): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${title}</title>
        <style>
          ${new Markup(stylesheet)}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p class="lead">${lead}</p>
          ${content}
        </main>
      </body>
    </html> `;
  return page.text;
}
