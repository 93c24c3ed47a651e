import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from './cli';

/** The release that the client's generated code is made by: another one generates other code. */
const generator = 'grpcio-tools==1.84.0';
const cache = join(workspaceRoot, 'node_modules/.cache/vector-recall');
const environment = join(cache, 'python-client');
const client = join(workspaceRoot, 'clients/python');

const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries=1', '--timeout=10'];

/**
 * A Python with `clients/python` installed as it is now and what generates its code, in a virtual environment that is
 * kept in `node_modules/.cache`.
 * @returns `undefined` where there is no Python, or pip can't install what is missing
 */
export function pythonWithClient(): string | undefined {
  const python = join(environment, 'bin/python');
  if (!hasGenerator(python) && !makeEnvironment()) return undefined;
  const installed = spawnSync(python, [...pip, '--force-reinstall', '--no-deps', client], { timeout: 120_000 });
  return installed.status === 0 ? python : undefined;
}

function hasGenerator(python: string): boolean {
  const check = `import grpc, grpc_tools, importlib.metadata as m; assert m.version("grpcio-tools") == "${generator.split('==')[1]}"`;
  return spawnSync(python, ['-c', check]).status === 0;
}

/** Made aside and renamed, so that a run that was killed leaves no half of it. A venv's `python` may be moved. */
function makeEnvironment(): boolean {
  mkdirSync(cache, { recursive: true });
  const made = mkdtempSync(join(cache, 'python-client-'));
  try {
    const python = join(made, 'bin/python');
    const isMade = ['python3', '/usr/bin/python3'].some(
      (command) =>
        spawnSync(command, ['-m', 'venv', '--clear', made]).status === 0 &&
        spawnSync(python, [...pip, generator, 'setuptools'], { timeout: 120_000 }).status === 0 &&
        hasGenerator(python),
    );
    if (!isMade) return false;
    rmSync(environment, { recursive: true, force: true });
    renameSync(made, environment);
    return true;
  } finally {
    if (existsSync(made)) rmSync(made, { recursive: true, force: true });
  }
}
