import { UsageError } from '@vector-recall/command-line';
import { listOptions } from '@vector-recall/core-config';
import { parseServerCall } from './program';

const silent = (): undefined => undefined;

it('carries the flags as typed', () => {
  const call = parseServerCall(['--artifacts', 'a', '--port=0', '--config', 'server.yaml'], '1.2.3', silent);
  expect(call).toEqual({ flags: { artifacts: 'a', port: '0' }, file: 'server.yaml' });
});

it('shows every option of the server in its help, and none of a training', () => {
  let help = '';
  const call = parseServerCall(['--help'], '1.2.3', (text) => (help += text));
  expect(call).toBeUndefined();
  for (const { flag, section } of listOptions()) expect(help.includes(`--${flag} `)).toBe(section === 'server');
});

it.each([
  [['--prot', '1'], 'There is no option --prot; did you mean --port?'],
  [['--output', 'store'], 'There is no option --output; did you mean --artifacts?'],
  [['--zzz'], 'There is no option --zzz; vector-recall-server --help lists them all.'],
  [['--port'], '--port needs a value, as in --port <n>.'],
  [['now'], 'vector-recall-server takes no arguments besides its options; vector-recall-server --help lists them.'],
])('%j is one sentence', (args, message) => {
  expect(() => parseServerCall(args, '1.2.3', silent)).toThrow(new UsageError(message));
});
