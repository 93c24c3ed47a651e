/** Characters of a filter's text, `end` exclusive. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Whether a refusal is about the filter. */
export function isFilterProblem(message: string): boolean {
  return /^filter\b|^The filter cannot be read/.test(message);
}

/** The sentence of a refusal, without the copy of the filter below it. */
export function sentenceOf(message: string): string {
  return `${message
    .split('\n')[0]
    .replace(/^filter: /, '')
    .replace(/[:.]$/, '')}.`;
}

/** Where a filter is wrong: at the character that reading stopped at, or at the attribute that a refusal names. */
export function placeOf(message: string, filter: string): Place | undefined {
  const at = /at character (\d+)/.exec(message)?.[1];
  if (at !== undefined) return wordAt(filter, Number(at) - 1);
  const name = /There is no attribute "([^"]+)"|The attribute (\S+) holds/.exec(message)?.slice(1).find(Boolean);
  if (name === undefined) return undefined;
  const start = filter.indexOf(name);
  return start < 0 ? undefined : { start, end: start + name.length };
}

/** The word or sign at a place; nothing at the end of the text. */
function wordAt(text: string, start: number): Place {
  const length = /^(?:[\p{L}\p{N}_.-]+|"[^"]*"?|\S)/u.exec(text.slice(start))?.[0].length ?? 0;
  return { start, end: start + length };
}
