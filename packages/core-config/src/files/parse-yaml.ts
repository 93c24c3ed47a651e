import { isCollection, isMap, isPair, isScalar, LineCounter, parseDocument, type Document } from 'yaml';

/** A YAML or JSON text that could be parsed. */
export interface YamlText {
  readonly document: Document;
  /** The line of a position in the text; counts from 1. */
  readonly lineAt: (offset: number) => number;
}

/** What is wrong with a YAML text: a sentence without the file, and the line, which counts from 1. */
export interface YamlProblem {
  readonly problem: string;
  readonly line: number;
}

/**
 * Parses YAML; JSON is a part of it. The time grows with the length of the text: the parser's own check for keys that
 * occur twice compares each key with all others, so it is done here with a set.
 */
export function parseYaml(text: string): YamlText | YamlProblem {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const error = document.errors.at(0);
  if (error !== undefined) {
    return { problem: /[.!?]$/.test(error.message) ? error.message : `${error.message}.`, line: lineAt(error.pos[0]) };
  }
  const duplicate = findDuplicateKey(document.contents);
  if (duplicate !== undefined) {
    return { problem: `the key ${duplicate.key} occurs twice; remove one.`, line: lineAt(duplicate.offset) };
  }
  return { document, lineAt };
}

function findDuplicateKey(contents: unknown): { readonly key: string; readonly offset: number } | undefined {
  const open: unknown[] = [contents];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (!isCollection(node)) continue;
    const seen = new Set<string>();
    for (const item of node.items) {
      open.push(isPair(item) ? item.value : item);
      if (!isMap(node) || !isPair(item) || !isScalar(item.key)) continue;
      const key = String(item.key.value);
      if (seen.has(key)) return { key, offset: item.key.range?.[0] ?? 0 };
      seen.add(key);
    }
  }
  return undefined;
}
