import { sectionSchemas, type SectionName } from '../config';
import { describeAllowed, formatOptionValue } from './describe';
import { listOptions } from './list-options';
import type { ConfigOption } from './option';

const titles: Readonly<Record<SectionName, string>> = {
  data: 'Data',
  model: 'Model',
  training: 'Training',
  evaluation: 'Evaluation',
  hnsw: 'Index',
  runtime: 'Runtime',
  server: 'Server',
};

const header = ['Option', 'Flag', 'Default', 'Allowed', 'Meaning'];

const introduction = `# Configuration

Every option has three spellings: a key in a config file (\`--config run.yaml\`, YAML or JSON), an environment variable, and a
flag. The later one wins: default, preset, file, environment, flag. A flag may be written with dashes or underscores. The
environment variable is the flag in capitals behind \`VECTOR_RECALL_\`, as in \`VECTOR_RECALL_BATCH_SIZE\`.

This page is made from the option schemas: \`npx vector-recall config --reference > docs/configuration.md\`.
`;

function row(option: ConfigOption): string[] {
  const shown = formatOptionValue(option.default);
  const unit = option.unit === undefined ? '' : ` (${option.unit})`;
  return [
    `\`${option.path}\``,
    `\`--${option.flag}\``,
    shown === '' ? '' : `\`${shown}\``,
    describeAllowed(option),
    option.description + unit,
  ].map((cell) => cell.replaceAll('|', '\\|'));
}

/** A Markdown table whose columns line up, so that formatters leave it as it is. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[], fill = ' ') =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(' | ')} |`;
  return [
    line(header),
    line(
      header.map(() => ''),
      '-',
    ),
    ...rows.map((cells) => line(cells)),
  ].join('\n');
}

/** The reference of all options in Markdown: one table for each section. */
export function renderOptionReference(): string {
  const sections = (Object.keys(sectionSchemas) as SectionName[]).map((section) => {
    const rows = listOptions()
      .filter((option) => option.section === section)
      .map(row);
    return `## ${titles[section]} (\`${section}\`)\n\n${table(rows)}\n`;
  });
  return [introduction, ...sections].join('\n');
}
