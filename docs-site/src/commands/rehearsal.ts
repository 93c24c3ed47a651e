import { markdownBlocks } from './markdown-blocks';

/** A line of a block: what a reader types at once. */
export interface Step {
  readonly source: string;
  readonly text: string;
  readonly kind: 'command' | 'server' | 'export';
}

/** A block of commands as its lines, without comments. */
export type Block = readonly Step[];

/** The `sh` blocks of a page. @param takes the words behind `sh`, such as `skip` */
export function blocksOf(source: string, markdown: string, takes: (words: readonly string[]) => boolean): Block[] {
  return markdownBlocks(markdown)
    .filter(({ language, words }) => language === 'sh' && takes(words))
    .map(({ text }) =>
      text
        .replaceAll(/\\\n\s*/g, '')
        .split('\n')
        .map((line) => line.replace(/\s+#\s.*$/, '').trim())
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => ({ source, text: line, kind: kindOf(line) })),
    );
}

function kindOf(line: string): Step['kind'] {
  if (line.startsWith('export ')) return 'export';
  return /^(?:\w+=\S+ )*npx vector-recall-server\b/.test(line) ? 'server' : 'command';
}

/** What makes a command different from others: neither its ids and numbers, nor where it writes, nor spelled-out defaults. */
export function shapeOf(text: string): string {
  return text
    .replaceAll(/ \|\| .*| > \S+| --json\b| --(?:target|port|artifacts|output|out) [\w./:-]+/g, '')
    .replaceAll(/\b(?:[A-Z]-?)?\d+\b/g, 'N');
}
