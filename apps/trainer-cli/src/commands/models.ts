import { UsageError } from '@vector-recall/command-line';
import { compileConfig } from '@vector-recall/core-config';
import type { ModelStore, StoredVersion } from '@vector-recall/model-store';
import type { ReportSection } from '@vector-recall/report';
import { Argument } from 'commander';
import { z } from 'zod';
import type { CommandResult } from '../output/output';
import type { CommandDefinition } from './command';

const actions = ['list', 'promote', 'rollback'] as const;
const ownFlags = z.object({ action: z.enum(actions), version: z.string().min(1).optional() });

/** The metric that tells versions apart at a glance. */
const shownMetric = 'hitRate@100';

/** A version as `models list --json` shows it. */
function describe({ version, isCurrent, manifest, problem }: StoredVersion) {
  return {
    version,
    isCurrent,
    ...(problem === undefined ? {} : { problem }),
    ...(manifest === undefined
      ? {}
      : {
          createdAt: manifest.createdAt,
          counts: manifest.counts,
          dims: manifest.dims,
          metrics: manifest.metrics,
          parents: manifest.parents,
        }),
  };
}

function listSection(root: string, versions: readonly ReturnType<typeof describe>[]): ReportSection {
  const rows = versions.map(({ version, createdAt, counts, metrics, problem }) => [
    version,
    createdAt?.slice(0, 19).replace('T', ' ') ?? '',
    counts?.users.toLocaleString('en') ?? '',
    counts?.items.toLocaleString('en') ?? '',
    metrics?.['model']?.[shownMetric]?.toFixed(4) ?? '',
    problem ?? '',
  ]);
  const current = versions.findIndex(({ isCurrent }) => isCurrent);
  return {
    id: 'models',
    title: 'Models',
    facts: [
      ['store', root],
      ['current', versions[current]?.version ?? 'none'],
    ],
    tables:
      rows.length === 0
        ? []
        : [
            {
              caption: '',
              columns: [
                { title: 'version', align: 'left' },
                { title: 'made (UTC)', align: 'left' },
                { title: 'users', align: 'right' },
                { title: 'items', align: 'right' },
                { title: 'HitRate@100', align: 'right' },
                { title: 'problem', align: 'left' },
              ],
              rows,
              ...(current < 0 ? {} : { highlight: current }),
            },
          ],
    notes: rows.length === 0 ? ['The store is empty; vector-recall train makes a version.'] : [],
  };
}

async function list(store: ModelStore): Promise<CommandResult> {
  const versions = (await store.list()).map(describe);
  return { json: { root: store.root, versions }, sections: [listSection(store.root, versions)] };
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

export const modelsCommand: CommandDefinition = {
  name: 'models',
  summary: 'list the versions of a store, promote one of them, or go back to the one before',
  accepts: ({ key }) => key === 'output',
  usesStoredConfig: false,
  declare: (command) => {
    command
      .addArgument(new Argument('<action>', 'what to do').choices(actions))
      .argument('[version]', 'the version to promote');
  },
  run: async ({ flags, file, env, own }) => {
    const { action, version } = ownFlags.parse(own);
    if (action !== 'promote' && version !== undefined) throw new UsageError(`models ${action} takes no version.`);
    const { ModelStore } = await import('@vector-recall/model-store');
    const store = new ModelStore(compileConfig({ file, env, flags }).runtime.output);
    if (action === 'list') return list(store);
    if (action === 'rollback') return change(store, 'Rolled back', () => store.rollback());
    if (version === undefined)
      throw new UsageError('models promote needs a version; models list shows those there are.');
    return change(store, 'Promoted', async () => {
      await store.promote(version);
      return version;
    });
  },
};
