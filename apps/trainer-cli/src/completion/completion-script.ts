/** A flag with its two dashes, and what it does. */
export interface CompletedFlag {
  readonly flag: string;
  readonly summary: string;
}

/** A command that can be completed. */
export interface CompletedCommand {
  /** `train`, or `index build` for one of a group. */
  readonly path: string;
  readonly summary: string;
  readonly flags: readonly CompletedFlag[];
}

/** A program: its commands, or its own flags where it has none. */
export interface CompletedProgram {
  readonly name: string;
  readonly commands: readonly CompletedCommand[];
  readonly flags: readonly CompletedFlag[];
}

export const shells = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof shells)[number];

/** What a shell reads to complete the commands and flags of programs. */
export function completionScript(shell: Shell, programs: readonly CompletedProgram[]): string {
  switch (shell) {
    case 'bash':
      return programs.map(bashScript).join('\n');
    case 'zsh':
      // zsh runs the completions of bash.
      return `autoload -U +X bashcompinit && bashcompinit\n${programs.map(bashScript).join('\n')}`;
    case 'fish':
      return programs.map(fishScript).join('\n');
  }
}

/** The command, or the group and the command in it. */
function wordsOf(path: string): { readonly first: string; readonly second: string | undefined } {
  const words = path.split(' ');
  return { first: words[0], second: words.at(1) };
}

function bashScript({ name, commands, flags }: CompletedProgram): string {
  const run = `_${name.replaceAll('-', '_')}`;
  const words = (list: readonly CompletedFlag[]): string => list.map(({ flag }) => flag).join(' ');
  const groups = new Map<string, string[]>();
  for (const { path } of commands) {
    const { first, second } = wordsOf(path);
    const members = groups.get(first) ?? [];
    groups.set(first, second === undefined ? members : [...members, second]);
  }
  const cases = [
    ...commands.map(({ path, flags: own }) => `    ${pattern(path)}) words="${words(own)}" ;;`),
    ...[...groups].flatMap(([group, members]) =>
      members.length === 0 ? [] : [`    "${group} "*) words="${members.join(' ')}" ;;`],
    ),
    `    *) words="${commands.length === 0 ? words(flags) : [...groups.keys()].join(' ')}" ;;`,
  ];
  return `${run}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words
  case "\${COMP_WORDS[*]:1:COMP_CWORD-1} " in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F ${run} ${name}
`;
}

/** Words before the current one, each with a blank behind it. */
function pattern(path: string): string {
  return `"${path} "*`;
}

function fishScript({ name, commands, flags }: CompletedProgram): string {
  const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const seen = (path: string): string =>
    path
      .split(' ')
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join('; and ');
  const flagLine = (condition: string, { flag, summary }: CompletedFlag): string =>
    `complete -c ${name}${condition} -l ${flag.slice(2)} -d ${quoted(summary)}`;
  const lines = commands.flatMap(({ path, summary, flags: own }) => {
    const { first, second } = wordsOf(path);
    const place = second === undefined ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${first}`;
    const command = `complete -c ${name} -n ${quoted(place)} -a ${second ?? first} -d ${quoted(summary)}`;
    const group = second === undefined ? [] : [`complete -c ${name} -n '__fish_use_subcommand' -a ${first}`];
    return [...group, command, ...own.map((flag) => flagLine(` -n ${quoted(seen(path))}`, flag))];
  });
  return `${[...new Set([...lines, ...flags.map((flag) => flagLine('', flag))])].join('\n')}\n`;
}
