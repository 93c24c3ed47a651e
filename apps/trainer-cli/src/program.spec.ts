import { UsageError } from '@vector-recall/command-line';
import { listOptions } from '@vector-recall/core-config';
import { commands, parseCall } from './program';

function messageOf(...args: string[]): string {
  try {
    parseCall(args, '1.2.3', () => undefined);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
}

function helpOf(...args: string[]): string {
  let text = '';
  const call = parseCall([...args, '--help'], '1.2.3', (part) => {
    text += part;
  });
  expect(call).toBeUndefined();
  return text;
}

describe('a call', () => {
  it('carries the option flags as typed and the flags of its own', () => {
    const args = ['train', '--epochs=2', '--lr', '1e-3', '--skip-benchmark', '--config', 'a.yaml', '--resume'];
    const call = parseCall(args, '1.2.3', () => undefined);
    expect(call?.definition.name).toBe('train');
    expect(call?.given.flags).toEqual({ epochs: '2', lr: '1e-3', 'skip-benchmark': true });
    expect(call?.given.file).toBe('a.yaml');
    expect(call?.given.own).toMatchObject({ resume: true });
  });

  it('takes a negative number for a value', () => {
    expect(parseCall(['train', '--lr', '-1'], '1', () => undefined)?.given.flags).toEqual({ lr: '-1' });
  });

  it('takes a boolean with a value', () => {
    const call = parseCall(['train', '--log-q-correction', 'false'], '1', () => undefined);
    expect(call?.given.flags).toEqual({ 'log-q-correction': 'false' });
  });
});

describe('wrong usage', () => {
  it.each([
    [['train', '--epoch', '2'], 'There is no option --epoch; did you mean --epochs?'],
    [['models', 'list', '--artifacts', 'store'], 'There is no option --artifacts; did you mean --output?'],
    [['train', '--zzz'], 'There is no option --zzz; vector-recall train --help lists them all.'],
    [['recall', '--epochs', '2'], 'There is no option --epochs; vector-recall recall --help lists them all.'],
    [['train', '--epochs'], '--epochs needs a value, as in --epochs <n>.'],
    [
      ['train', 'now'],
      'vector-recall train takes no arguments besides its options; vector-recall train --help lists them.',
    ],
    [['trian'], 'There is no command trian; did you mean train?'],
    [
      ['frobnicate'],
      'There is no command frobnicate; the commands are init, train, tune-model, evaluate, build-index, benchmark, recall, query, similar, info, reload, items, events, live, standing, models, report, export, import, index, doctor, config, completion.',
    ],
    [
      [],
      'Name a command: init, train, tune-model, evaluate, build-index, benchmark, recall, query, similar, info, reload, items, events, live, standing, models, report, export, import, index, doctor, config, completion.',
    ],
    [['index'], 'Name a command: build, search.'],
    [['index', 'bild'], 'There is no command bild; did you mean build?'],
    [
      ['index', 'build', '--vectors=a', '--out=b', '--querys', 'c'],
      'There is no option --querys; did you mean --queries?',
    ],
    [['index', 'build', '--out', 'x'], 'vector-recall index build needs --vectors <file>.'],
    [['models'], 'vector-recall models needs <action>; vector-recall models --help shows how it is used.'],
    [['models', 'promte'], 'There is no vector-recall models promte; did you mean promote?'],
    [['models', 'drop'], 'There is no vector-recall models drop; there is list, promote, rollback, prune.'],
    [
      ['models', 'list', 'a', 'b'],
      'vector-recall models has too many arguments; vector-recall models --help shows how it is used.',
    ],
  ])('%j is one sentence', (args, message) => {
    expect(messageOf(...args)).toBe(message);
  });
});

describe('help', () => {
  it('of train shows every option of a training with its default under its section', () => {
    const help = helpOf('train').replaceAll(/\s+/g, ' ');
    for (const { flag, section } of listOptions()) {
      expect(help.includes(`--${flag} `)).toBe(section !== 'server');
    }
    expect(help).toContain('Training: --preset <text> fills the options of model and training that are not given;');
    expect(help).toContain('--epochs <n> passes over the training events (default: 5; 1 to 10000)');
    expect(help).toContain(
      '--hidden-dims <n,…> widths of the hidden layers of both towers (default: 256,128; 2 to 8192; dimensions)',
    );
  });

  it.each(commands)('of $name names its summary and the flags that all commands have', ({ group, name, summary }) => {
    const path = group === undefined ? [name] : [group.name, name];
    const help = helpOf(...path).replaceAll(/\s+/g, ' ');
    expect(help).toContain(`Usage: vector-recall ${path.join(' ')}`);
    expect(help).toContain(summary);
    for (const flag of ['--json', '--help', '--config <file>', '--verbose']) expect(help).toContain(flag);
  });

  it('of the program lists the commands', () => {
    for (const { group, name, summary } of commands) {
      const help = group === undefined ? helpOf() : helpOf(group.name);
      expect(help).toMatch(new RegExp(`${name}[^\\n]* ${summary.slice(0, 20)}`));
    }
  });

  it('says that an artifact keeps its options', () => {
    expect(helpOf('build-index')).toMatch(/--hnsw-m <n>\s+links per node and layer \(default: as\s+stored/);
  });
});

it('prints the version', () => {
  let text = '';
  parseCall(['--version'], '1.2.3', (part) => {
    text += part;
  });
  expect(text).toBe('1.2.3\n');
});
