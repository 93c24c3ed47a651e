import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export const root = join(__dirname, '../../..');

const targetsSchema = z.record(z.string(), z.unknown()).default({});
const manifestSchema = z.object({
  name: z.string(),
  nx: z.object({ name: z.string().optional(), targets: targetsSchema }).optional(),
});
const projectSchema = z.object({ name: z.string(), targets: targetsSchema });

/** Targets that Nx infers for a project, from its TypeScript, jest and ESLint settings. */
const INFERRED = ['build', 'lint', 'test', 'typecheck'];

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** The targets of each Nx project that has a manifest. */
export function readProjects(): ReadonlyMap<string, ReadonlySet<string>> {
  const folders = ['packages', 'apps', 'tools']
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(root, parent, name)))
    .concat(['proto', 'e2e', 'benchmarks', 'docs-site'].map((name) => join(root, name)));
  return new Map(folders.flatMap(readProject));
}

function readProject(folder: string): [string, ReadonlySet<string>][] {
  const project = join(folder, 'project.json');
  const manifest = join(folder, 'package.json');
  const { name: own, targets } = existsSync(project)
    ? projectSchema.parse(readJson(project))
    : { name: undefined, targets: {} };
  const { name: packaged, nx } = existsSync(manifest)
    ? manifestSchema.parse(readJson(manifest))
    : { name: undefined, nx: undefined };
  const name = own ?? nx?.name ?? packaged;
  return name === undefined ? [] : [[name, new Set([...INFERRED, ...Object.keys({ ...targets, ...nx?.targets })])]];
}

/** The scripts of the root's `package.json`. */
export function readScripts(): ReadonlySet<string> {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(readJson(join(root, 'package.json')));
  return new Set(Object.keys(scripts));
}

/** Whether the repository, as it is committed, has a file or folder. @param path relative to the root */
export const repositoryHas = (path: string): boolean => existsSync(join(root, path));

/** Files that come into being by a command that the documentation shows. */
const MADE = /^(docs-site\/dist|clients\/python\/\.venv)\b/;

/** Words that name something of the repository. */
const OF_REPOSITORY =
  /^(?:\.\/)?((?:apps|benchmarks|clients|deploy|docs|docs-site|e2e|examples|packages|proto|tools|\.ci)\/[\w./-]*)$/;

/** The path that a word names in the repository, if it names one that is there before a command runs. */
export function repositoryPath(word: string): string | undefined {
  const path = OF_REPOSITORY.exec(word.replace(/^--?[\w-]+=/, ''))?.[1];
  return path === undefined || MADE.test(path) ? undefined : path;
}
