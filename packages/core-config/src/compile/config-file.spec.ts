import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useConfigFolder } from '../testing/config-folder';
import { compileConfig } from './compile-config';

const folder = useConfigFolder();
const { fileWith, messageOf } = folder;

describe('a config file', () => {
  it.each([
    [
      'training:\n  epochs: 2\n  batchSize: 1\n',
      'training.batchSize in run.yaml, line 3, is 1, but it must be a whole number at least 2 and at most 1000000.',
    ],
    [
      'model:\n  dropout: "0.5"\n',
      'model.dropout in run.yaml, line 2, is "0.5", but it must be a number at least 0 and below 1.',
    ],
    [
      'model:\n  dropout:\n',
      'model.dropout in run.yaml, line 2, is null, but it must be a number at least 0 and below 1.',
    ],
    [
      'training:\n  batchsize: 9\n',
      'run.yaml, line 2: there is no option training.batchsize; did you mean training.batchSize?',
    ],
    ['data:\n  epochs: 9\n', 'run.yaml, line 2: there is no option data.epochs; did you mean training.epochs?'],
    [
      'hnsw:\n  links: 9\n',
      'run.yaml, line 2: there is no option hnsw.links; hnsw holds preset, m, efConstruction, efSearch, targetRecall.',
    ],
    ['\ntrainning:\n  epochs: 9\n', 'run.yaml, line 2: there is no section trainning; did you mean training?'],
    ['epochs: 9\n', 'run.yaml, line 1: there is no section epochs; put it under "training:".'],
    [
      'colour: red\n',
      'run.yaml, line 1: there is no section colour; the sections are data, model, training, evaluation, hnsw, runtime, server.',
    ],
    ['training: 5\n', 'run.yaml: training must hold keys and values, as in "training:".'],
    ['- 1\n', 'run.yaml: the file must hold keys and values, as in "training:".'],
    ['training:\n  epochs: 1\n  epochs: 2\n', 'run.yaml, line 3: the key epochs occurs twice; remove one.'],
    ['training:\n  epochs: 1\ntraining:\n', 'run.yaml, line 3: the key training occurs twice; remove one.'],
    [
      '__proto__:\n  epochs: 1\n',
      'run.yaml, line 1: there is no section __proto__; the sections are data, model, training, evaluation, hnsw, runtime, server.',
    ],
    [
      'toString: 1\n',
      'run.yaml, line 1: there is no section toString; the sections are data, model, training, evaluation, hnsw, runtime, server.',
    ],
    ['{ "training": { "epochs": 1 }\n', 'run.yaml, line 2: Flow map must end with a }.'],
  ])('%j is refused with its line', (text, message) => {
    expect(messageOf(() => compileConfig({ file: fileWith(text) }))).toBe(message);
  });

  it('that does not exist is named', () => {
    expect(messageOf(() => compileConfig({ file: join(folder.path, 'absent.yaml') }))).toBe(
      'absent.yaml does not exist; check the path.',
    );
  });

  it('that is a folder is named', () => {
    expect(messageOf(() => compileConfig({ file: join(folder.path, '.') }))).toMatch(
      /can't be read: it is a folder; give the path of a file\.$/,
    );
  });

  it('that is no text is refused', () => {
    const file = join(folder.path, 'latin1.yaml');
    writeFileSync(file, Buffer.from('# Größe\n', 'latin1'));
    expect(messageOf(() => compileConfig({ file }))).toBe(
      'The config file latin1.yaml is not UTF-8 text; save it as UTF-8.',
    );
  });

  it('that begins with a byte order mark is read', () => {
    expect(compileConfig({ file: fileWith('\uFEFFtraining:\n  epochs: 3\n') }).training.epochs).toBe(3);
  });

  it.each([
    ['10 MB', 10_000_000],
    ['a byte too many', 128 * 1024 + 1],
  ])('of %s is refused by its size', (_, length) => {
    expect(messageOf(() => compileConfig({ file: fileWith(`#${'x'.repeat(length - 1)}`) }))).toBe(
      'The config file run.yaml is larger than 128 KiB; give a smaller file.',
    );
  });

  it('of as many keys as fit is refused at its first key', () => {
    const keys = Array.from({ length: 10_000 }, (_, i) => `  k${i}: 1\n`).join('');
    expect(messageOf(() => compileConfig({ file: fileWith(`training:\n${keys}`) }))).toMatch(
      /^run\.yaml, line 2: there is no option training\.k0;/,
    );
  });

  it('of values nested without end is refused', () => {
    const text = `training: { epochs: ${'['.repeat(10_000)}${']'.repeat(10_000)} }`;
    expect(messageOf(() => compileConfig({ file: fileWith(text) }))).toMatch(/^run\.yaml, line 1: /);
  });
});
