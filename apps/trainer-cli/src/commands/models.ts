import { exitCodes, UsageError } from '@vector-recall/command-line';
import { compileConfig } from '@vector-recall/core-config';
import type { ModelStore } from '@vector-recall/model-store';
import { Argument } from 'commander';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { CommandResult } from '../output/output';
import type { CommandDefinition } from './command';
import { parseCount } from './flag-values';
import { describeVersion, versionsSection } from './versions-section';

const actions = ['list', 'promote', 'rollback', 'prune'] as const;
const ownFlags = z.object({
  action: z.enum(actions),
  version: z.string().min(1).optional(),
  ifBetter: z.string().min(1).optional(),
  by: z.string().optional(),
  keep: z.string().optional(),
});

async function list(store: ModelStore): Promise<CommandResult> {
  const versions = (await store.list()).map(describeVersion);
  return { json: { root: store.root, versions }, sections: [versionsSection(store.root, versions)] };
}

/** The most versions that `--keep` may name. */
const MOST_KEPT = 100_000;

async function prune(store: ModelStore, keep: number): Promise<CommandResult> {
  const versions = await store.prune(keep);
  const folder = join(store.root, 'checkpoints');
  // Loading the trainer takes a second, which a store without checkpoints need not wait for.
  const checkpoints = existsSync(folder)
    ? await (await import('@vector-recall/trainer')).pruneCheckpoints(folder, keep)
    : [];
  const facts = [
    ['store', store.root],
    ['current', (await store.currentVersion()) ?? 'none'],
    ['versions deleted', versions.length === 0 ? 'none' : versions.join(', ')],
    ['checkpoints deleted', checkpoints.length === 0 ? 'none' : checkpoints.join(', ')],
  ] as const;
  return {
    json: { root: store.root, versions, checkpoints },
    sections: [{ id: 'models', title: 'Pruned', facts, tables: [], notes: [] }],
  };
}

async function change(store: ModelStore, title: string, makeCurrent: () => Promise<string>): Promise<CommandResult> {
  const previousVersion = await store.currentVersion();
  const version = await makeCurrent();
  const facts = [
    ['current', version],
    ['before', previousVersion ?? 'none'],
  ] as const;
  return {
    json: { version, previousVersion },
    sections: [
      { id: 'models', title, facts, tables: [], notes: ['Servers of this store switch to it by themselves.'] },
    ],
  };
}

/** Promotes a version if one of the metrics that it was published with is above that of the current version. */
async function promoteIfBetter(
  store: ModelStore,
  version: string,
  { metric, by }: { readonly metric: string; readonly by: number },
): Promise<CommandResult> {
  const { compareVersions, readManifest } = await import('@vector-recall/model-store');
  const candidate = await readManifest(await store.locate(version));
  const previousVersion = await store.currentVersion();
  const comparison =
    previousVersion === undefined
      ? undefined
      : compareVersions(candidate, await readManifest(await store.locate(previousVersion)), { metric, by });
  const promoted = comparison?.isBetter ?? true;
  if (promoted) await store.promote(version);
  const facts: [string, string][] = [
    ['current', promoted ? version : (previousVersion ?? 'none')],
    ['before', previousVersion ?? 'none'],
  ];
  if (comparison !== undefined) {
    facts.push([`${metric} of ${version}`, comparison.candidate.toFixed(4)]);
    facts.push([`${metric} of ${previousVersion ?? ''}`, comparison.current.toFixed(4)]);
  }
  const wanted = by === 0 ? '' : ` by at least ${by}`;
  const note = promoted
    ? 'Servers of this store switch to it by themselves.'
    : `Version ${version} was not promoted because its ${metric} is not above that of the current version${wanted}.`;
  return {
    json: { version: promoted ? version : previousVersion, previousVersion, promoted, comparison },
    sections: [{ id: 'models', title: promoted ? 'Promoted' : 'Not promoted', facts, tables: [], notes: [note] }],
    exitCode: promoted ? 0 : exitCodes.notPromoted,
  };
}

function parseDifference(text: string): number {
  const difference = Number(text);
  if (text.trim() !== '' && difference >= 0 && Number.isFinite(difference)) return difference;
  throw new UsageError(`--by is "${text}", but it must be a number of at least 0.`);
}

export const modelsCommand: CommandDefinition = {
  name: 'models',
  summary: 'list the versions of a store, promote one, go back to the one before, or delete old ones',
  accepts: ({ key }) => key === 'output',
  usesStoredConfig: false,
  declare: (command) => {
    command
      .addArgument(new Argument('<action>', 'what to do').choices(actions))
      .argument('[version]', 'the version to promote')
      .option('--keep <n>', 'prune: how many of the newest versions, and runs with checkpoints, to keep')
      .option('--if-better <metric>', 'promote only if this metric, as in hitRate@100, is above the current version')
      .option('--by <difference>', 'with --if-better: the least difference that counts as better (default: 0)');
  },
  run: async ({ flags, file, env, own }) => {
    const { action, version, ifBetter: metric, by, keep } = ownFlags.parse(own);
    if ((action === 'prune') !== (keep !== undefined)) {
      throw new UsageError('models prune needs --keep N, and no other action takes it.');
    }
    if (action !== 'promote' && version !== undefined) throw new UsageError(`models ${action} takes no version.`);
    if (action !== 'promote' && metric !== undefined) throw new UsageError(`models ${action} takes no --if-better.`);
    if (metric === undefined && by !== undefined) {
      throw new UsageError('--by needs a metric to compare, as in --if-better hitRate@100.');
    }
    const difference = parseDifference(by ?? '0');
    const { ModelStore } = await import('@vector-recall/model-store');
    const store = new ModelStore(compileConfig({ file, env, flags }).runtime.output);
    if (action === 'list') return list(store);
    if (action === 'prune') return prune(store, parseCount('--keep', keep ?? '', MOST_KEPT));
    if (action === 'rollback') return change(store, 'Rolled back', () => store.rollback());
    if (version === undefined)
      throw new UsageError('models promote needs a version; models list shows those there are.');
    if (metric !== undefined) return promoteIfBetter(store, version, { metric, by: difference });
    return change(store, 'Promoted', async () => {
      await store.promote(version);
      return version;
    });
  },
};
