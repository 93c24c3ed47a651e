import { execFileSync } from 'node:child_process';
import { z } from 'zod';
import { workspaceRoot } from './cli';

/** Licences that let anyone use, change and sell what contains the code, without passing on its source. */
const permissive = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'Unlicense'];

const licenceSchema = z.union([
  z.object({ license: z.object({ id: z.string() }) }).transform(({ license }) => license.id),
  z.object({ license: z.object({ name: z.string() }) }).transform(({ license }) => license.name),
  z.object({ expression: z.string() }).transform(({ expression }) => expression),
]);
const bomSchema = z.object({
  components: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      purl: z.string().startsWith('pkg:npm/'),
      licenses: z.array(licenceSchema).default([]),
    }),
  ),
});

const isPermissive = (expression: string): boolean =>
  expression
    .replaceAll(/[()]/g, '')
    .split(/ (?:AND|OR) /)
    .every((id) => permissive.includes(id));

it('the bill of materials lists what an installation contains, all of it under permissive licences', () => {
  const text = execFileSync('npm', ['sbom', '--sbom-format=cyclonedx', '--omit=dev', '--package-lock-only'], {
    cwd: workspaceRoot,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const { components } = bomSchema.parse(JSON.parse(text));
  const names = components.map(({ purl }) => decodeURIComponent(purl));
  for (const name of ['@grpc/grpc-js', '@tensorflow/tfjs', 'hnswlib-node', '@vector-recall/recall-server']) {
    expect(names).toContainEqual(expect.stringContaining(`pkg:npm/${name}@`));
  }
  const refused = components.filter(({ licenses }) => licenses.length === 0 || !licenses.every(isPermissive));
  expect(refused.map(({ purl, licenses }) => ({ purl, licenses }))).toEqual([]);
});

it.each([
  ['MIT', true],
  ['(Apache-2.0 AND BSD-3-Clause)', true],
  ['MIT AND GPL-3.0-only', false],
  ['UNLICENSED', false],
])('%s is permissive: %s', (expression, expected) => {
  expect(isPermissive(expression)).toBe(expected);
});
