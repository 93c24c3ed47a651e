import { FilterSyntaxError } from '../errors';
import { secondsOf } from '../columns-of-records';

/** A piece of a filter's text. `start` and `end` are places in it, the end exclusive. */
export type Token = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'word' | 'attribute' | 'text' | 'sign'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  /** In seconds. */
  | { readonly kind: 'duration'; readonly value: number }
  | { readonly kind: 'end' }
);

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

const space = /\s*/y;
const date = /\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?/y;
const number = /[+-]?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Infinity(?=[smhd]?\b))(s|m|h|d)?/y;
const word = /[\p{L}_][\p{L}\p{N}_.-]*/uy;
const text = /"(?:[^"\\]|\\.)*"/sy;
const quotedAttribute = /`(?:[^`\\]|\\.)*`/sy;
const sign = /<=|>=|!=|[=<>()[\],]/y;

/** @throws FilterSyntaxError where a piece is none of those */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(source);
  };
  for (;;) {
    at += match(space)?.[0].length ?? 0;
    if (at >= source.length) break;
    const token = tokenAt(source, at, match);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', start: at, end: at });
  return tokens;
}

function tokenAt(source: string, start: number, match: (pattern: RegExp) => RegExpExecArray | null): Token {
  const place = (found: RegExpExecArray) => ({ start, end: start + found[0].length });
  const moment = match(date);
  if (moment !== null) {
    const value = secondsOf(moment[0]);
    if (Number.isNaN(value)) throw new FilterSyntaxError(source, start, `${moment[0]} is no date of the calendar`);
    return { kind: 'number', value, ...place(moment) };
  }
  const quantity = match(number);
  if (quantity !== null) {
    const [whole] = quantity;
    const unit = quantity.at(1);
    const seconds = unit === undefined ? undefined : unitSeconds[unit];
    if (seconds === undefined) return { kind: 'number', value: Number(whole), ...place(quantity) };
    return { kind: 'duration', value: Number(whole.slice(0, -1)) * seconds, ...place(quantity) };
  }
  const name = match(word);
  if (name !== null) return { kind: 'word', value: name[0], ...place(name) };
  const string = match(text);
  if (string !== null) return { kind: 'text', value: unquote(source, start, string[0]), ...place(string) };
  const attribute = match(quotedAttribute);
  if (attribute !== null) {
    const value = attribute[0].slice(1, -1).replace(/\\(.)/gs, '$1');
    return { kind: 'attribute', value, ...place(attribute) };
  }
  const operator = match(sign);
  if (operator !== null) return { kind: 'sign', value: operator[0], ...place(operator) };
  const first = String.fromCodePoint(source.codePointAt(start) ?? 0);
  if (first === '"' || first === '`') throw new FilterSyntaxError(source, start, `this ${first} has no end`);
  if (first === "'") throw new FilterSyntaxError(source, start, 'text goes in double quotes');
  throw new FilterSyntaxError(source, start, `there is no ${first} in filters`);
}

/** As JSON has strings. */
function unquote(source: string, start: number, quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    throw new FilterSyntaxError(source, start, 'this text is not quoted as in JSON');
  }
}
