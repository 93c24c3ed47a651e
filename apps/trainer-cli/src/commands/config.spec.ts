import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileConfig, type FlagValues, givenOptions, listOptions } from '@vector-recall/core-config';
import { renderConfig } from './config';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-command-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function fileOf(flags: FlagValues): string {
  const file = join(folder, 'run.yaml');
  writeFileSync(file, renderConfig(givenOptions({ flags }), compileConfig({ flags })));
  return file;
}

it('leaves the choice of a preset to the data, as the same flags would', () => {
  const flags = { epochs: '9', 'hidden-dims': '64,32', data: 'files:a: "b" # c' };
  const file = fileOf(flags);
  const read = compileConfig({ file, auto: 'recency' });
  expect(read).toEqual(compileConfig({ flags, auto: 'recency' }));
  // A default that counted as given would have kept the preset from setting it.
  expect(read.training).toMatchObject({ preset: 'recency', epochs: 9, learningRate: 0.004 });
  expect(givenOptions({ file })).toEqual(givenOptions({ flags }));
});

it('reads back as no option at all where none was given, and names every option', () => {
  const file = fileOf({});
  expect(givenOptions({ file })).toEqual({});
  const page = renderConfig({}, compileConfig());
  for (const { key } of listOptions()) expect(page).toContain(`\n  # ${key}: `);
});

it('gives an option the value that its comment shows once the # is removed', () => {
  const file = fileOf({});
  writeFileSync(file, renderConfig({}, compileConfig()).replaceAll('\n  # ', '\n  '));
  expect(compileConfig({ file })).toEqual(compileConfig());
});
