import { shellCommands } from './shell-commands';

it.each<[string, string, string[][]]>([
  ['words and quotes', `a --b 'c d' "e f"g`, [['a', '--b', 'c d', 'e fg']]],
  ['comments', 'a # b\n# c\nd#e', [['a'], ['d#e']]],
  ['continued lines', 'a \\\n  b\nc', [['a', 'b'], ['c']]],
  ['pipes and lists', 'a | b && c; d || e', [['a'], ['b'], ['c'], ['d'], ['e']]],
  ['redirections', 'a < in > out 2>err b', [['a', 'b']]],
  ['assignments', 'A=1 B=2 c D=3\nE=4', [['c', 'D=3']]],
  ['substitutions', 'a $(b | c) d', [['a', '$(b | c)', 'd']]],
])('%s', (_, script, commands) => {
  expect(shellCommands(script)).toEqual(commands);
});

it('refuses a quote that does not end', () => {
  expect(() => shellCommands("a 'b")).toThrow(new SyntaxError("The shell can't be read at: 'b"));
});
