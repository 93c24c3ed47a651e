/** A fenced block of a page. */
export interface MarkdownBlock {
  /** Line of the opening fence, from 1. */
  readonly line: number;
  /** The first word behind the fence; empty where there is none. */
  readonly language: string;
  /** The other words, as `exit=1` or `server`. */
  readonly words: readonly string[];
  readonly text: string;
}

/** The fenced blocks of a page, in order. */
export function markdownBlocks(markdown: string): MarkdownBlock[] {
  const fences = markdown.matchAll(/^( *)```([^\n`]*)\n([^]*?)^\1```$/gm);
  return Array.from(fences, ({ index, 1: indent = '', 2: info = '', 3: body = '' }) => {
    const [language = '', ...words] = info.trim().split(/\s+/);
    return {
      line: markdown.slice(0, index).split('\n').length,
      language,
      words,
      text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    };
  });
}

/** The value of a word such as `exit=1`. */
export function wordValue({ words }: MarkdownBlock, name: string): string | undefined {
  return words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
}
