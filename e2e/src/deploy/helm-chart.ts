import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';

const valuesSchema = z.record(z.string(), z.unknown());

/** A template that uses more of Helm's language than {@link renderChart} knows, or names a value that is not there. */
export class ChartError extends Error {
  readonly code = 'CHART_INVALID';

  constructor(message: string) {
    super(message);
    this.name = 'ChartError';
  }
}

/**
 * Renders a chart in the part of Helm's language that ours uses: values, `if` and `if not`, `default`, `toYaml | nindent`.
 * Anything else is an error, so that the chart stays within what is tested.
 *
 * @param overrides of values.yaml, by their path: `artifacts.bucket`
 * @returns the text of each template that is not empty, by its name
 */
export function renderChart(
  chart: string,
  release: string,
  overrides: Readonly<Record<string, unknown>> = {},
): Map<string, string> {
  const values = valuesSchema.parse(parse(readFileSync(join(chart, 'values.yaml'), 'utf8')));
  const rendered = new Map<string, string>();
  for (const name of readdirSync(join(chart, 'templates')).toSorted()) {
    const template = readFileSync(join(chart, 'templates', name), 'utf8');
    const text = render(template, (path) => {
      if (path === '.Release.Name') return release;
      const key = path.replace('.Values.', '');
      const value = Object.hasOwn(overrides, key) ? overrides[key] : lookUp(values, key);
      if (value === undefined) throw new ChartError(`${name} uses ${path}, which values.yaml does not have.`);
      return value;
    });
    if (text.trim() !== '') rendered.set(name, text);
  }
  return rendered;
}

function lookUp(values: Readonly<Record<string, unknown>>, path: string): unknown {
  let value: unknown = values;
  for (const key of path.split('.')) {
    const parsed = valuesSchema.safeParse(value);
    if (!parsed.success) return undefined;
    value = parsed.data[key];
  }
  return value;
}

function render(template: string, valueOf: (path: string) => unknown): string {
  const shown: boolean[] = [];
  let text = '';
  let at = 0;
  // `{{-` also takes the white space before it, with the line break.
  for (const action of template.matchAll(/(\s*\{\{-|\{\{) (.*?) \}\}/g)) {
    const isShown = shown.every(Boolean);
    if (isShown) text += template.slice(at, action.index);
    at = action.index + action[0].length;
    const condition = /^if (not )?(\.[\w.]+)$/.exec(action[2]);
    if (condition !== null) shown.push(Boolean(valueOf(condition[2])) === (condition.at(1) === undefined));
    else if (action[2] === 'end') shown.pop();
    else if (isShown) text += insert(action[2], valueOf);
  }
  if (shown.length > 0) throw new ChartError('A template has an if without an end.');
  return text + template.slice(at);
}

function insert(action: string, valueOf: (path: string) => unknown): string {
  const parts = /^(toYaml )?(\.(?:Values|Release)\.[\w.]+)(?: \| (?:nindent (\d+)|default "([^"]*)"))?$/.exec(action);
  if (parts === null) throw new ChartError(`The test does not render {{ ${action} }}.`);
  const [, , path, indent, fallback] = parts;
  const value = valueOf(path);
  if (action.startsWith('toYaml ')) {
    return stringify(value)
      .trimEnd()
      .split('\n')
      .map((line) => `\n${' '.repeat(Number(indent))}${line}`)
      .join('');
  }
  return z
    .union([z.string(), z.number(), z.boolean()])
    .parse(value || fallback || value)
    .toString();
}
