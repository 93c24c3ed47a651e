/**
 * The simple commands of a block of shell, each as its words: comments, pipes, redirections and assignments before a
 * command are taken off. It knows as much of the shell as the documentation uses; `$(…)` and variables stay as they are.
 */
export function shellCommands(script: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  for (const token of shellTokens(script.replaceAll('\\\n', ' '))) {
    if (token.kind === 'word') words.push(token.text);
    else {
      commands.push(words);
      words = [];
    }
  }
  return [...commands, words].map(withoutDecoration).filter((command) => command.length > 0);
}

interface Token {
  readonly kind: 'word' | 'end';
  readonly text: string;
}

/** A quoted or plain piece of a word, or what ends a command, or a comment. */
const TOKEN =
  /(?<blank>[ \t]+)|(?<comment>#[^\n]*)|(?<end>\n|&&|\|\||[|;&])|(?<word>(?:'[^']*'|"[^"]*"|\$\([^)]*\)|[^\s'"|;&])+)/y;

function shellTokens(script: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < script.length) {
    const { lastIndex } = TOKEN;
    const groups: Readonly<Partial<Record<string, string>>> | undefined = TOKEN.exec(script)?.groups;
    if (groups === undefined) throw new SyntaxError(`The shell can't be read at: ${script.slice(lastIndex)}`);
    const { end, word } = groups;
    if (end !== undefined) tokens.push({ kind: 'end', text: end });
    else if (word !== undefined) tokens.push({ kind: 'word', text: unquoted(word) });
  }
  return tokens;
}

const unquoted = (word: string): string =>
  word.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single = '', double = '') => `${single}${double}`);

/** Takes assignments in front and redirections off. */
function withoutDecoration(words: readonly string[]): string[] {
  const first = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
  if (first < 0) return [];
  const kept: string[] = [];
  for (let i = first; i < words.length; i++) {
    const word = words[i] ?? '';
    if (/^\d?[<>]+$/.test(word)) i += 1;
    else if (!/^\d?[<>]/.test(word)) kept.push(word);
  }
  return kept;
}
