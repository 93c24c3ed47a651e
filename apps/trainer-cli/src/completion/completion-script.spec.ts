import { execFileSync } from 'node:child_process';
import { completionScript, type CompletedProgram } from './completion-script';

const flag = (name: string) => ({ flag: name, summary: `the user's ${name}` });

const programs: readonly CompletedProgram[] = [
  {
    name: 'tool',
    flags: [],
    commands: [
      { path: 'train', summary: 'train a model', flags: [flag('--epochs'), flag('--epsilon')] },
      { path: 'index build', summary: 'build an index', flags: [flag('--vectors')] },
      { path: 'index search', summary: 'search it', flags: [flag('--queries')] },
    ],
  },
  { name: 'tool-server', flags: [flag('--port'), flag('--host')], commands: [] },
];

/** What bash offers for words of which the last is being typed. */
function offered(run: string, ...words: string[]): string[] {
  const script = `${completionScript('bash', programs)}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); ${run}; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const output = execFileSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8' });
  return output.split('\n').filter((line) => line !== '');
}

it.each([
  [
    ['tool', ''],
    ['train', 'index'],
  ],
  [['tool', 'tr'], ['train']],
  [
    ['tool', 'train', '--ep'],
    ['--epochs', '--epsilon'],
  ],
  [['tool', 'train', '--epochs', '2', '--eps'], ['--epsilon']],
  [
    ['tool', 'index', ''],
    ['build', 'search'],
  ],
  [['tool', 'index', 'se'], ['search']],
  [['tool', 'index', 'build', '-'], ['--vectors']],
  [
    ['tool', 'unknown', ''],
    ['train', 'index'],
  ],
])('bash completes %j', (words, expected) => {
  expect(offered('_tool', ...words)).toEqual(expected);
});

it('completes the flags of a program without commands', () => {
  expect(offered('_tool_server', 'tool-server', '--p')).toEqual(['--port']);
});

it('lets zsh run what bash runs', () => {
  expect(completionScript('zsh', programs)).toBe(
    `autoload -U +X bashcompinit && bashcompinit\n${completionScript('bash', programs)}`,
  );
});

it('writes a line for each command and flag for fish', () => {
  const lines = completionScript('fish', programs).split('\n');
  expect(lines).toContain("complete -c tool -n '__fish_use_subcommand' -a train -d 'train a model'");
  expect(lines).toContain(
    "complete -c tool -n '__fish_seen_subcommand_from train' -l epochs -d 'the user\\'s --epochs'",
  );
  expect(lines).toContain(
    "complete -c tool -n '__fish_seen_subcommand_from index; and __fish_seen_subcommand_from build' -l vectors -d 'the user\\'s --vectors'",
  );
  expect(lines).toContain("complete -c tool-server -l port -d 'the user\\'s --port'");
  expect(lines.filter((line) => line.endsWith('-a index'))).toHaveLength(1);
});
