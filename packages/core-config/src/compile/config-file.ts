import { readFileSync } from 'node:fs';
import { isMap, isScalar, LineCounter, parseDocument, type Document, type Pair } from 'yaml';
import { sectionSchemas } from '../config';
import { ConfigError, ConfigFileError } from '../errors';
import { listOptions } from '../options/list-options';
import type { OptionValue } from '../options/option';
import { suggest } from '../options/suggest';
import { checkOption, findOption } from './check-option';
import type { Layer } from './compile-config';

/** One `key: value` of the file, with the line of its key. */
interface Entry {
  readonly key: string;
  readonly value: unknown;
  readonly node: unknown;
  readonly line: number;
}

/** Reads a config file. JSON is read by the YAML parser too (it is a subset), which gives lines for both. */
export function readConfigFile(file: string): Layer {
  const lines = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter: lines, prettyErrors: false });
  const problem = document.errors.at(0);
  if (problem !== undefined) {
    const { line } = lines.linePos(problem.pos[0]);
    throw new ConfigFileError(file, `${file}, line ${line}: ${sentence(problem.message)}`, line);
  }
  if (isEmpty(document.contents)) return new Map();
  const values = new Map<string, OptionValue>();
  for (const section of entriesOf(document.contents, document, lines, file, 'the file')) {
    if (!(section.key in sectionSchemas)) throw unknownSection(file, section);
    if (isScalar(section.node) && section.value === null) continue;
    for (const entry of entriesOf(section.node, document, lines, file, section.key)) {
      const path = `${section.key}.${entry.key}`;
      const option = findOption('path', path);
      if (option === undefined) throw unknownOption(file, path, entry.line);
      values.set(path, checkOption(option, entry.value, `${path} in ${file}, line ${entry.line},`));
    }
  }
  return values;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const coded = typeof error === 'object' && error !== null && 'code' in error;
    const reason = String(coded ? error.code : error);
    const said = reason === 'ENOENT' ? 'it does not exist' : reason === 'EISDIR' ? 'it is a folder' : reason;
    throw new ConfigFileError(file, `The config file ${file} can't be read: ${said}.`);
  }
}

function entriesOf(node: unknown, document: Document, lines: LineCounter, file: string, name: string): Entry[] {
  if (!isMap(node)) throw new ConfigFileError(file, `${file}: ${name} must hold keys and values, as in "training:".`);
  return node.items.map((pair: Pair) => ({
    key: isScalar(pair.key) ? String(pair.key.value) : String(pair.key),
    value: toValue(pair.value, document),
    node: pair.value,
    line: isScalar(pair.key) && pair.key.range ? lines.linePos(pair.key.range[0]).line : 1,
  }));
}

function toValue(node: unknown, document: Document): unknown {
  if (typeof node !== 'object' || node === null || !('toJS' in node) || typeof node.toJS !== 'function') return node;
  const value: unknown = Reflect.apply(node.toJS, node, [document]);
  return value;
}

function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

function unknownSection(file: string, entry: Entry): ConfigError {
  const sections = Object.keys(sectionSchemas);
  const near = suggest(entry.key, sections);
  // A person who forgets the section writes an option at the top: say where it goes.
  const misplaced = listOptions().find((option) => option.key === entry.key);
  const hint =
    misplaced !== undefined
      ? `put it under "${misplaced.section}:"`
      : near !== undefined
        ? `did you mean ${near}?`
        : `the sections are ${sections.join(', ')}`;
  return new ConfigError(entry.key, `${file}, line ${entry.line}: there is no section ${entry.key}; ${ended(hint)}`);
}

function unknownOption(file: string, path: string, line: number): ConfigError {
  const [section = ''] = path.split('.');
  const all = listOptions();
  const inSection = all.filter((option) => option.section === section);
  const near =
    suggest(
      path,
      inSection.map((option) => option.path),
    ) ??
    suggest(
      path.slice(section.length + 1),
      all.map((option) => option.key),
    );
  const hint =
    near === undefined
      ? `${section} holds ${inSection.map((option) => option.key).join(', ')}`
      : `did you mean ${near.includes('.') ? near : (all.find((option) => option.key === near)?.path ?? near)}?`;
  return new ConfigError(path, `${file}, line ${line}: there is no option ${path}; ${ended(hint)}`);
}

function ended(text: string): string {
  return text.endsWith('?') ? text : `${text}.`;
}

/** The parser's types say a file always holds something; a file of blank lines or comments holds null. */
function isEmpty(contents: unknown): boolean {
  return contents === null;
}
