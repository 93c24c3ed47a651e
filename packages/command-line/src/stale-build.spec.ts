import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findStaleSource } from '../stale-build.cjs';

let root: string;
let app: string;

function put(file: string, text: string, time: number): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
  utimesSync(join(root, file), time, time);
}

/** A project of one source file that is built. */
function build(folder: string, dependencies: Readonly<Record<string, string>> = {}): void {
  put(`${folder}/package.json`, JSON.stringify({ dependencies }), 100);
  put(`${folder}/src/main.ts`, 'export {};\n', 100);
  const version = createHash('sha256').update('export {};\n').digest('hex');
  const info = { fileNames: ['../src/main.ts'], fileInfos: [version] };
  put(`${folder}/dist/tsconfig.lib.tsbuildinfo`, JSON.stringify(info), 200);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stale-build-'));
  app = join(root, 'apps/app');
  build('apps/app', { '@vector-recall/used': '*', commander: '1' });
  build('packages/used');
  build('packages/unused');
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

it('finds nothing in a build that is up to date', () => {
  expect(findStaleSource(root, app)).toBeUndefined();
});

it.each(['apps/app/src/main.ts', 'packages/used/src/main.ts', 'packages/used/src/deep/new.ts'])(
  'finds %s, which changed after the build',
  (file) => {
    put(file, 'export const x = 1;\n', 300);
    expect(findStaleSource(root, app)).toBe(join(root, file));
  },
);

it.each([
  ['a file that was only touched', 'packages/used/src/main.ts', 'export {};\n'],
  ['a test', 'packages/used/src/main.spec.ts', 'changed'],
  ['what serves tests', 'packages/used/src/testing/world.ts', 'changed'],
  ['a package that the command does not use', 'packages/unused/src/main.ts', 'changed'],
])('leaves %s alone', (_, file, text) => {
  put(file, text, 300);
  expect(findStaleSource(root, app)).toBeUndefined();
});

it('finds nothing where there are no sources', () => {
  rmSync(join(app, 'src'), { recursive: true });
  rmSync(join(root, 'packages'), { recursive: true });
  expect(findStaleSource(root, app)).toBeUndefined();
});
