import { UsageError } from '@vector-recall/command-line';
import { compileConfig } from '@vector-recall/core-config';
import type { RecallResult, VectorRecallService } from '@vector-recall/recall-service';
import { z } from 'zod';
import type { CommandDefinition } from './command';
import { contextFlag, parseContext } from './context-flag';
import { recallAllUsers } from './recall-all-users';
import { declareArtifactFlag } from './stored-artifact';
import { checkFilterFlag, filterHelp } from './filter-flag';
import { parseTopK } from './flag-values';
import { readId, readIds } from './id-text';
import { declareRulesFlags, hasRules, rulesFlags, rulesOf } from './rules-flags';
import { parseTypes, typesFlag } from './types-flag';

const ownFlags = z.object({
  user: z.string().optional(),
  history: z.string().optional(),
  types: z.string().optional(),
  context: z.string().optional(),
  topK: z.string(),
  includeSeen: z.boolean().optional(),
  filter: z.string().optional(),
  ...rulesFlags.shape,
  artifact: z.string().min(1).optional(),
  allUsers: z.boolean().optional(),
  out: z.string().min(1).optional(),
});

type OwnFlags = z.output<typeof ownFlags>;

/** A result as JSON has it. */
function plainArrays({ scores, rules, ...result }: RecallResult): object {
  const plain = rules && { ...rules, ...(rules.added && { added: [...rules.added] }) };
  return { ...result, scores: [...scores], ...(plain && { rules: plain }) };
}

function notesOf({ source, latencyMs, unknownHistoryItems, filter, rules }: RecallResult): string[] {
  return [
    `Source: ${source}, ${latencyMs.toFixed(2)} ms.`,
    ...(filter === undefined ? [] : [`The filter selects ${filter.matches.toLocaleString('en')} items.`]),
    ...(rules === undefined ? [] : [`The rules chose from ${rules.pool.toLocaleString('en')} candidates.`]),
    ...(source === 'popularity' ? ['Nothing is known of this user: these are the items that most users have.'] : []),
    ...(unknownHistoryItems > 0 ? [`Items of --history that are not in the catalogue: ${unknownHistoryItems}.`] : []),
  ];
}

async function recall(service: VectorRecallService, own: OwnFlags, topK: number) {
  const { user, history, context, includeSeen, filter } = own;
  const { userIdKind, itemIdKind } = service.info();
  const found = await service.recall({
    userId: user === undefined ? undefined : readId('--user', user, userIdKind),
    history: history === undefined ? undefined : readIds('--history', history, itemIdKind),
    historyTypes: parseTypes(own.types, history),
    context: context === undefined ? undefined : parseContext(context),
    topK,
    excludeSeen: includeSeen !== true,
    filter,
    rules: rulesOf(own, { topK, itemIdKind }),
  });
  const items = found.itemIds.map((id, rank) => ({
    ...(service.describeItem(id) ?? { id }),
    score: found.scores[rank] ?? Number.NaN,
  }));
  return { found, items };
}

export const recallCommand: CommandDefinition = {
  name: 'recall',
  summary: 'find candidates in a published artifact, for one user or for all of them',
  accepts: ({ key }) => key === 'backend' || key === 'output',
  usesStoredConfig: true,
  interruptNotice: 'Stopping; with --all-users the same command continues later. Ctrl-C again stops at once.',
  declare: (command) => {
    command
      .option('--user <id>', 'the user, exactly as in the log')
      .option('--history <ids>', 'item ids with commas, oldest first, in place of the stored history')
      .option(typesFlag.flags, typesFlag.help)
      .option(contextFlag.flags, contextFlag.help)
      .option('--top-k <n>', 'how many candidates', '20')
      .option('--include-seen', 'keep what the user already has')
      .option('--filter <text>', filterHelp)
      .option('--all-users', 'find candidates for every user of the artifact and write them to --out')
      .option('--out <file>', 'with --all-users: the file to write, .parquet or .jsonl');
    declareRulesFlags(command);
    declareArtifactFlag(command);
  },
  run: async (invocation) => {
    const own = ownFlags.parse(invocation.own);
    const isForOne = own.user !== undefined || own.history !== undefined;
    if (own.allUsers === true) {
      if (isForOne || own.context !== undefined || hasRules(own)) {
        throw new UsageError('--all-users takes neither --user, --history, --context nor rules such as --cap.');
      }
      await checkFilterFlag(own.filter);
      return recallAllUsers(invocation, {
        artifact: own.artifact,
        out: own.out,
        topK: parseTopK(own.topK),
        excludeSeen: own.includeSeen !== true,
        filter: own.filter,
      });
    }
    if (!isForOne) throw new UsageError('recall needs --user ID, --history ID,ID or --all-users.');
    if (own.out !== undefined) throw new UsageError('--out needs --all-users.');
    await checkFilterFlag(own.filter);
    parseTypes(own.types, own.history);
    const topK = parseTopK(own.topK);
    const { flags, file, env, signal } = invocation;
    const { output } = compileConfig({ file, env, flags }).runtime;
    const { recommendationSection } = await import('@vector-recall/report');
    const recallService = await import('@vector-recall/recall-service');
    const service = await recallService.VectorRecallService.fromArtifact(own.artifact ?? output, { signal });
    const { found, items } = await recall(service, own, topK).finally(() => service.close());
    const section = recommendationSection({ userId: own.user, history: [], items });
    return {
      json: { artifact: { version: service.version }, userId: own.user, ...plainArrays(found), items },
      sections: [{ ...section, notes: notesOf(found) }],
    };
  },
};
