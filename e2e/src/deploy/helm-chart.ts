import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { ChartError, evaluate, type ValueOf } from './helm-expression';

const valuesSchema = z.record(z.string(), z.unknown());

/**
 * Renders a chart in the part of Helm's language that ours uses: values, `if` with `else`, `fail`, `default`,
 * `toYaml | nindent`. Anything else is an error, so that the chart stays within what is tested.
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

/** An `if` that is open. */
interface Branch {
  readonly isShown: boolean;
  /** Whether this branch or one before it holds, so that an `else` does not. */
  readonly isDecided: boolean;
}

function render(template: string, valueOf: ValueOf): string {
  const open: Branch[] = [];
  const isShown = (): boolean => open.every((branch) => branch.isShown);
  let text = '';
  let at = 0;
  // `{{-` also takes the white space before it, with the line break.
  for (const action of template.matchAll(/(\s*\{\{-|\{\{) (.*?) \}\}/g)) {
    if (isShown()) text += template.slice(at, action.index);
    at = action.index + action[0].length;
    const [word, condition = ''] = groups(/^(if|else if|else|end)\b ?(.*)$/, action[2]);
    if (word === undefined) {
      if (isShown()) text += insert(action[2], valueOf);
      continue;
    }
    const before = word === 'if' ? { isDecided: false } : open.pop();
    if (before === undefined) throw new ChartError(`A template has an ${word} without an if.`);
    if (word === 'end') continue;
    // What is not shown may read values that are not there.
    const holds = !before.isDecided && isShown() && (word === 'else' || Boolean(evaluate(condition, valueOf)));
    open.push({ isShown: holds, isDecided: before.isDecided || holds });
  }
  if (open.length > 0) throw new ChartError('A template has an if without an end.');
  return text + template.slice(at);
}

const textSchema = z.union([z.string(), z.number(), z.boolean()]);

function insert(action: string, valueOf: ValueOf): string {
  const [refusal] = groups(/^fail "([^"]*)"$/, action);
  if (refusal !== undefined) throw new ChartError(refusal);
  const [yaml, indent] = groups(/^toYaml (\.[\w.]+) \| nindent (\d+)$/, action);
  if (yaml !== undefined) {
    return stringify(valueOf(yaml))
      .trimEnd()
      .split('\n')
      .map((line) => `\n${' '.repeat(Number(indent))}${line}`)
      .join('');
  }
  const [expression = '', fallback] = groups(/^(.+?)(?: \| default "([^"]*)")?$/, action);
  const value = evaluate(expression, valueOf);
  return textSchema.parse(value || fallback || value).toString();
}

/** What the groups of a pattern match; empty where the text does not. */
function groups(pattern: RegExp, text: string): (string | undefined)[] {
  return pattern.exec(text)?.slice(1) ?? [];
}
