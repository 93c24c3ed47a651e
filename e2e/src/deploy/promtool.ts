import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '../cli';

const folder = join(workspaceRoot, 'node_modules/.cache/vector-recall/prometheus');

/**
 * Prometheus' own tool: one that is installed, or else the one of Debian's package, unpacked into `node_modules/.cache`.
 * @returns `undefined` where there is neither
 */
export function findPromtool(): string | undefined {
  const kept = join(folder, 'usr/bin/promtool');
  const runs = (command: string): boolean => spawnSync(command, ['--version']).status === 0;
  return ['promtool', kept].find(runs) ?? (unpack() && runs(kept) ? kept : undefined);
}

/** Downloads without installing, which needs no root and starts no daemon. */
function unpack(): boolean {
  mkdirSync(folder, { recursive: true });
  const download = mkdtempSync(join(folder, 'download-'));
  try {
    if (spawnSync('apt-get', ['download', 'prometheus'], { cwd: download, timeout: 60_000 }).status !== 0) return false;
    const [file] = readdirSync(download);
    return spawnSync('dpkg-deb', ['-x', join(download, file), folder]).status === 0;
  } finally {
    rmSync(download, { recursive: true, force: true });
  }
}
