import { printable } from '../format';
import type { ReportSection, ReportTable } from '../sections/section';
import { html, type Markup } from './html';

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

/** Labels and values. */
export function drawFacts(facts: ReportSection['facts']): Markup {
  if (facts.length === 0) return html``;
  return html`<dl class="facts">
    ${facts.map(
      ([label, value]) =>
        html`<dt>${label}</dt>
          <dd>${printable(value)}</dd>`,
    )}
  </dl>`;
}

/** A section as every renderer gets it, with charts between its facts and its tables. */
export function drawSection(section: ReportSection, charts: readonly Markup[]): Markup {
  return html`<section aria-labelledby="${section.id}">
    <h2 id="${section.id}">${printable(section.title)}</h2>
    ${drawFacts(section.facts)} ${charts.length === 0 ? '' : html`<div class="charts">${charts}</div>`}
    ${section.tables.filter((table) => table.rows.length > 0).map(drawTable)}
    ${section.notes.map((note) => html`<p class="notes">${printable(note)}</p>`)}
  </section>`;
}
