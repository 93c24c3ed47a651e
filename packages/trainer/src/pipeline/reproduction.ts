import { readFileSync } from 'node:fs';
import { arch, cpus, platform } from 'node:os';
import { join } from 'node:path';
import { flagsOf, type VectorRecallConfig } from '@vector-recall/core-config';
import type { Backend } from '@vector-recall/towers';
import { z } from 'zod';

/** What it takes to reach the same result again. */
export interface ReproductionReport {
  /** The call with every option that is not a default, wherever it was given; the folder of the store is left out. */
  readonly command: string;
  readonly seed: number;
  /** SHA-256 of the interactions and of the ids, in hexadecimal: the data was the same where it is. */
  readonly dataSha256: string;
  /** By what it is the version of. */
  readonly versions: Readonly<Record<string, string>>;
  /** Every option by section. */
  readonly config: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface ReproducedRun {
  readonly config: VectorRecallConfig;
  readonly backend: Backend;
  readonly dataSha256: string;
  /** The version whose weights the training started from. */
  readonly from?: string;
  /** The version whose histories came before the data. */
  readonly historyFrom?: string;
}

export function describeReproduction(run: ReproducedRun): ReproductionReport {
  const { data, model, training, evaluation, hnsw, runtime } = run.config;
  return {
    command: commandOf(run),
    seed: training.seed,
    dataSha256: run.dataSha256,
    versions: versionsOf(run.backend),
    // How a server is set up is no part of a training.
    config: { data, model, training, evaluation, hnsw, runtime },
  };
}

function commandOf({ config, from, historyFrom }: ReproducedRun): string {
  const flags = [
    ...flagsOf(config),
    ...(from === undefined ? [] : [['from', from] as const]),
    ...(historyFrom === undefined ? [] : [['history-from', historyFrom] as const]),
  ];
  return ['npx vector-recall train', ...flags.map(([flag, value]) => `--${flag} ${shellWord(value)}`)].join(' ');
}

/** A word as a POSIX shell reads it back. */
export function shellWord(text: string): string {
  return /^[\w./:,@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')));

function versionsOf({ name, tensorflowVersion }: Backend): Record<string, string> {
  return {
    'vector-recall': version,
    'Node.js': process.versions.node,
    TensorFlow: tensorflowVersion === undefined ? name : `${tensorflowVersion} (${name})`,
    platform: `${platform()} ${arch()}`,
    processor: cpus().at(0)?.model.trim() ?? 'unknown',
  };
}
