import CliTable from 'cli-table3';
import { createColors } from 'picocolors';
import { printable } from '../format';
import type { ReportSection, ReportTable } from '../sections/section';

type Colors = ReturnType<typeof createColors>;

/** Longer cells are cut, so that one long title doesn't break the lines of a whole table. */
const widestCell = 48;

/** Only a rule below the heads: borders around every cell are louder than the figures. */
const rules = {
  ...Object.fromEntries(
    ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'].map((key) => [
      key,
      '',
    ]),
  ),
  left: '',
  right: '',
  middle: '  ',
  mid: '',
  'left-mid': '',
  'mid-mid': '',
  'right-mid': '',
};

function cut(text: string): string {
  const clean = printable(text);
  const characters = Array.from(clean);
  return characters.length <= widestCell ? clean : `${characters.slice(0, widestCell - 1).join('')}…`;
}

function drawTable(table: ReportTable, colors: Colors): string {
  const drawn = new CliTable({
    chars: rules,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: table.columns.map(({ align }) => align),
  });
  drawn.push(table.columns.map(({ title }) => colors.dim(title)));
  table.rows.forEach((row, index) => {
    drawn.push(row.map((cell) => (index === table.highlight ? colors.bold(cut(cell)) : cut(cell))));
  });
  return drawn.toString();
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`.trimEnd())
    .join('\n');
}

function drawFacts(facts: ReportSection['facts'], colors: Colors): string {
  const width = Math.max(...facts.map(([label]) => label.length));
  return facts.map(([label, value]) => `${colors.dim(label.padEnd(width))}  ${printable(value)}`).join('\n');
}

/** Captions tell several tables apart; the only one is named by its section. */
function drawTables(tables: readonly ReportTable[], colors: Colors): string[] {
  const filled = tables.filter(({ rows }) => rows.length > 0);
  if (filled.length === 1) return [drawTable(filled[0], colors)];
  return filled.map((table) => `${printable(table.caption)}\n${drawTable(table, colors)}`);
}

function drawSection(section: ReportSection, colors: Colors): string {
  const parts = [
    ...(section.facts.length > 0 ? [drawFacts(section.facts, colors)] : []),
    ...drawTables(section.tables, colors),
    ...(section.notes.length > 0 ? [section.notes.map((note) => colors.dim(printable(note))).join('\n')] : []),
  ];
  return [colors.bold(colors.cyan(printable(section.title))), ...parts.map(indent)].join('\n\n');
}

/** Draws sections for a terminal, without a trailing line break. Text out of the data can't move the cursor. */
export function renderTerminal(sections: readonly ReportSection[], options: { readonly color: boolean }): string {
  const colors = createColors(options.color);
  return sections.map((section) => drawSection(section, colors)).join('\n\n');
}
