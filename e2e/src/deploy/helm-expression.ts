/** A part of Helm's language that the test does not render, or a chart that refuses its values. */
export class ChartError extends Error {
  readonly code = 'CHART_INVALID';

  constructor(message: string) {
    super(message);
    this.name = 'ChartError';
  }
}

/** @returns the value of a path such as `.Values.live.enabled` */
export type ValueOf = (path: string) => unknown;

const functions: Readonly<Record<string, ((...args: unknown[]) => unknown) | undefined>> = {
  and: (...args) => args.every(Boolean),
  or: (...args) => args.some(Boolean),
  not: (value) => !value,
  gt: (a, b) => Number(a) > Number(b),
  int: (value) => Math.trunc(Number(value)),
};

/**
 * Evaluates an expression of paths, whole numbers and calls, as in `or .Values.a (gt (int .Values.b) 1)`. What is empty or 0
 * counts as false, as in Helm.
 */
export function evaluate(expression: string, valueOf: ValueOf): unknown {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const operand = (): unknown => {
    const token = tokens.at(at++);
    if (token === '(') {
      const value = call();
      if (tokens.at(at++) !== ')') throw new ChartError(`A parenthesis is missing in {{ ${expression} }}.`);
      return value;
    }
    if (token !== undefined && /^\.[\w.]+$/.test(token)) return valueOf(token);
    if (token !== undefined && /^\d+$/.test(token)) return Number(token);
    throw new ChartError(`The test does not render {{ ${expression} }}.`);
  };
  const call = (): unknown => {
    const run = functions[tokens[at] ?? ''];
    if (run === undefined) return operand();
    at++;
    const args: unknown[] = [];
    while (at < tokens.length && tokens[at] !== ')') args.push(operand());
    return run(...args);
  };
  const value = call();
  if (at < tokens.length) throw new ChartError(`The test does not render {{ ${expression} }}.`);
  return value;
}
