import { formatBytes, formatCount, formatFigure, formatMs, printable } from '../format';
import { comparisonSections, type ComparedVersion } from '../comparison/comparison-sections';
import type { RunSummary } from '../run-summary';
import { figureOf } from '../sections/evaluation-section';
import { runSections } from '../sections/run-sections';
import type { ReportSection, ReportTable } from '../sections/section';
import { batchChart, metricCharts, sliceCharts, trainingCharts } from './charts';
import { html, Markup } from './html';
import { stylesheet } from './style';

function drawTable(table: ReportTable): Markup {
  const cells = (row: readonly string[]) =>
    row.map((cell, column) =>
      table.columns[column]?.align === 'right'
        ? html`<td class="right">${printable(cell)}</td>`
        : html`<td>${printable(cell)}</td>`,
    );
  return html`<div class="scroll" role="region" aria-label="${table.caption}" tabindex="0">
    <table>
      <caption>
        ${table.caption}
      </caption>
      <thead>
        <tr>
          ${table.columns.map(({ title, align }) => html`<th scope="col" class="${align}">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${table.rows.map(
          (row, index) =>
            html`<tr class="${index === table.highlight ? 'best' : ''}">
              ${cells(row)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function drawFacts(facts: ReportSection['facts']): Markup {
  if (facts.length === 0) return html``;
  return html`<dl class="facts">
    ${facts.map(
      ([label, value]) =>
        html`<dt>${label}</dt>
          <dd>${printable(value)}</dd>`,
    )}
  </dl>`;
}

function chartsOf(section: ReportSection, run: RunSummary): readonly Markup[] {
  switch (section.id) {
    case 'training':
      return trainingCharts(run.training);
    case 'evaluation':
      return [...metricCharts(run.evaluation), ...sliceCharts(run.evaluation)];
    case 'speed':
      return run.benchmark === undefined ? [] : batchChart(run.benchmark);
    default:
      return [];
  }
}

function drawSection(section: ReportSection, charts: readonly Markup[]): Markup {
  return html`<section aria-labelledby="${section.id}">
    <h2 id="${section.id}">${printable(section.title)}</h2>
    ${drawFacts(section.facts)} ${charts.length === 0 ? '' : html`<div class="charts">${charts}</div>`}
    ${section.tables.filter((table) => table.rows.length > 0).map(drawTable)}
    ${section.notes.map((note) => html`<p class="notes">${printable(note)}</p>`)}
  </section>`;
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

/** The report of a run as one HTML page. */
export function renderReport(run: RunSummary): string {
  const lead = html`Version ${run.artifact.version}: ${formatCount(run.dataset.users)} users,
  ${formatCount(run.dataset.items)} items, ${formatCount(run.dataset.interactions)} interactions.`;
  const sections = runSections(run).map((section) => drawSection(section, chartsOf(section, run)));
  return renderPage(`Vector Recall: ${printable(run.dataset.name)}`, lead, [headline(run), ...sections]);
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
