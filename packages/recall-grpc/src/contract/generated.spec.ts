import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const workspace = join(__dirname, '..', '..', '..', '..');
const generated = join('packages', 'recall-grpc', 'src', 'gen');

function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

describe('the committed code', () => {
  let elsewhere: string;

  beforeEach(() => {
    elsewhere = mkdtempSync(join(tmpdir(), 'recall-grpc-'));
    // The template's paths lead out of proto/, so the same folder stands in the other root.
    mkdirSync(join(elsewhere, 'proto'));
  });

  afterEach(() => {
    rmSync(elsewhere, { recursive: true, force: true });
  });

  it('is what `nx run recall-grpc:generate` makes of proto/', () => {
    const buf = join(workspace, 'node_modules', '.bin', 'buf');
    execFileSync(buf, ['generate', '--output', join(elsewhere, 'proto')], { cwd: join(workspace, 'proto') });
    const fresh = filesOf(join(elsewhere, generated));
    expect(Object.keys(fresh)).toEqual([
      'descriptors.ts',
      join('recall', 'v1', 'admin.ts'),
      join('recall', 'v1', 'items.ts'),
      join('recall', 'v1', 'recall.ts'),
    ]);
    expect(filesOf(join(workspace, generated))).toEqual(fresh);
  });
});
