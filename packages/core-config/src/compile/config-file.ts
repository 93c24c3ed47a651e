import { isMap, isScalar, type Document, type Pair } from 'yaml';
import { sectionSchemas } from '../config';
import { ConfigError, ConfigFileError } from '../errors';
import { parseYaml, type YamlText } from '../files/parse-yaml';
import { readTextFile } from '../files/read-text';
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

/** A file with every option and a comment for each has some 30 KiB. */
const MOST_BYTES = 128 * 1024;

/** Reads a config file. JSON is read by the YAML parser too (it is a subset), which gives lines for both. */
export function readConfigFile(file: string): Layer {
  const parsed = parseYaml(readText(file));
  if ('problem' in parsed) {
    throw new ConfigFileError(file, `${file}, line ${parsed.line}: ${parsed.problem}`, parsed.line);
  }
  const { document, lineAt } = parsed;
  if (isEmpty(document.contents)) return new Map();
  const values = new Map<string, OptionValue>();
  for (const section of entriesOf(document.contents, document, lineAt, file, 'the file')) {
    if (!Object.hasOwn(sectionSchemas, section.key)) throw unknownSection(file, section);
    if (isScalar(section.node) && section.value === null) continue;
    for (const entry of entriesOf(section.node, document, lineAt, file, section.key)) {
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
    return readTextFile(file, 'The config file', MOST_BYTES);
  } catch (cause) {
    if (cause instanceof Error) throw new ConfigFileError(file, cause.message, undefined, { cause });
    throw cause;
  }
}

function entriesOf(node: unknown, document: Document, lineAt: YamlText['lineAt'], file: string, name: string): Entry[] {
  if (!isMap(node)) throw new ConfigFileError(file, `${file}: ${name} must hold keys and values, as in "training:".`);
  return node.items.map((pair: Pair) => ({
    key: isScalar(pair.key) ? String(pair.key.value) : String(pair.key),
    value: toValue(pair.value, document),
    node: pair.value,
    line: isScalar(pair.key) && pair.key.range ? lineAt(pair.key.range[0]) : 1,
  }));
}

function toValue(node: unknown, document: Document): unknown {
  if (typeof node !== 'object' || node === null || !('toJS' in node) || typeof node.toJS !== 'function') return node;
  const value: unknown = Reflect.apply(node.toJS, node, [document]);
  return value;
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
