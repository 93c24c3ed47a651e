import { UsageError } from '@vector-recall/command-line';
import type { ModelInfo, RecallAnswer, RecallClient, RecallQuery } from '@vector-recall/recall-grpc';
import type { ReportSection } from '@vector-recall/report';
import { z } from 'zod';
import type { CommandResult } from '../output/output';
import { answerBatches } from './answer-batches';
import { answerTable, timingFacts } from './answer-sections';
import type { CommandDefinition } from './command';
import { contextFlag, parseContext } from './context-flag';
import { checkFilterFlag, filterFacts, filterHelp } from './filter-flag';
import { parseEfSearch, parseTopK } from './flag-values';
import { readId, readIds } from './id-text';
import { declareRulesFlags, hasRules, rulesFacts, rulesFlags, rulesOf } from './rules-flags';
import { declareServerFlags, serverCallOf } from './server-call';
import { parseTypes, typesFlag } from './types-flag';
import { parseNumbers, parseVector } from './vector-flag';

const ownFlags = z.object({
  user: z.string().optional(),
  history: z.string().optional(),
  types: z.string().optional(),
  features: z.string().optional(),
  weights: z.string().optional(),
  negative: z.string().optional(),
  context: z.string().optional(),
  vector: z.string().optional(),
  batch: z.string().min(1).optional(),
  topK: z.string(),
  exclude: z.string().optional(),
  efSearch: z.string().optional(),
  includeSeen: z.boolean().optional(),
  filter: z.string().optional(),
  ...rulesFlags.shape,
});

type OwnFlags = z.output<typeof ownFlags>;

/** Whom to ask for: one of `user` or `history`, `vector`, and `batch`. */
function checkSubject(own: OwnFlags): void {
  const { user, history, features, context, vector, batch, exclude, efSearch, filter } = own;
  const isOfUser = user !== undefined || history !== undefined;
  if ([isOfUser, vector !== undefined, batch !== undefined].filter(Boolean).length !== 1) {
    throw new UsageError('query needs --user ID or --history ID,ID, or else --vector, or else --batch FILE.');
  }
  if (features !== undefined && !isOfUser) throw new UsageError('--features needs --user or --history.');
  if (context !== undefined && !isOfUser) {
    throw new UsageError('--context needs --user or --history; in --batch write "context" into the lines.');
  }
  if (batch !== undefined && [exclude, efSearch, filter].some((flag) => flag !== undefined)) {
    throw new UsageError(
      '--exclude, --ef-search and --filter are for one query; write "exclude" and "filter" into the lines of --batch.',
    );
  }
  parseTypes(own.types, history);
  if (own.weights !== undefined && own.history === undefined) throw new UsageError('--weights needs --history.');
  if (batch !== undefined && (hasRules(own) || own.negative !== undefined)) {
    throw new UsageError(
      '--negative, --cap, --diversity and the like are for one query; write "negative" and "rules" into the lines of --batch.',
    );
  }
}

async function queryOf(own: OwnFlags, { userIdKind, itemIdKind }: ModelInfo, topK: number): Promise<RecallQuery> {
  const { user, history, features, context, vector, exclude, efSearch } = own;
  return {
    userId: user === undefined ? undefined : readId('--user', user, userIdKind),
    history: history === undefined ? undefined : readIds('--history', history, itemIdKind),
    historyTypes: parseTypes(own.types, history),
    historyWeights: own.weights === undefined ? undefined : parseNumbers('--weights', own.weights),
    negativeItemIds: own.negative === undefined ? undefined : readIds('--negative', own.negative, itemIdKind),
    features: features === undefined ? undefined : parseNumbers('--features', features),
    context: context === undefined ? undefined : parseContext(context),
    queryVector: vector === undefined ? undefined : await parseVector(vector),
    topK,
    excludeItemIds: exclude === undefined ? undefined : readIds('--exclude', exclude, itemIdKind),
    efSearch: efSearch === undefined ? undefined : parseEfSearch(efSearch),
    excludeSeen: own.includeSeen !== true,
    filter: own.filter,
    rules: rulesOf(own, { topK, itemIdKind }),
  };
}

function answerSection(target: string, user: string | undefined, answer: RecallAnswer): ReportSection {
  const { modelVersion, source, timings, unknownHistoryItems } = answer;
  return {
    id: 'query',
    title: 'Candidates',
    facts: [
      ['server', target],
      ['version', modelVersion],
      ...(source === 'vector' ? [] : [['user', user ?? 'none'] as const]),
      ['source', source],
      ...timingFacts(timings),
      ...filterFacts(answer.filter),
      ...rulesFacts(answer.rules),
    ],
    tables: [answerTable(answer)],
    notes: [
      ...(source === 'popularity' ? ['Nothing is known of this user: these are the items that most users have.'] : []),
      ...(unknownHistoryItems > 0 ? [`Items of --history that are not in the catalogue: ${unknownHistoryItems}.`] : []),
    ],
  };
}

async function answerOne(
  client: RecallClient,
  target: string,
  own: OwnFlags,
  topK: number,
  signal: AbortSignal,
): Promise<CommandResult> {
  const query = await queryOf(own, await client.modelInfo({ signal }), topK);
  const answer = await client.recall(query, { signal });
  return { json: { ...answer, scores: [...answer.scores] }, sections: [answerSection(target, own.user, answer)] };
}

export const queryCommand: CommandDefinition = {
  name: 'query',
  summary: 'ask a running recall server for the candidates of one user, of many, or for the nearest items of a vector',
  accepts: () => false,
  usesStoredConfig: false,
  declare: (command) => {
    declareServerFlags(command, { target: 'localhost:50051', deadlineMs: 5000 });
    command
      .option('--user <id>', 'the user, exactly as in the log')
      .option('--history <ids>', 'item ids with commas, oldest first, in place of the stored history')
      .option(typesFlag.flags, typesFlag.help)
      .option('--weights <values>', 'numbers with commas: how much each item of --history counts')
      .option('--negative <ids>', 'item ids with commas that the user does not want; what is like them moves back')
      .option('--features <values>', 'numbers with commas, in place of the stored features; info names them')
      .option(contextFlag.flags, contextFlag.help)
      .option('--vector <values>', 'numbers with commas, or @FILE.npy, to search by in place of a user')
      .option('--batch <file>', 'JSON lines, each an id or {"user", "history", "topK"}; answers are JSON lines too')
      .option('--top-k <n>', 'how many candidates', '20')
      .option('--exclude <ids>', 'item ids with commas that must not be returned')
      .option('--ef-search <n>', 'breadth of the search (default: the one stored with the index)')
      .option('--include-seen', 'keep what the user already has')
      .option('--filter <text>', filterHelp);
    declareRulesFlags(command);
  },
  run: async (invocation) => {
    const { signal } = invocation;
    const own = ownFlags.parse(invocation.own);
    checkSubject(own);
    await checkFilterFlag(own.filter);
    const topK = parseTopK(own.topK);
    const { target, options } = serverCallOf(invocation);
    const { RecallClient } = await import('@vector-recall/recall-grpc');
    const client = new RecallClient(target, options);
    if (own.batch !== undefined) {
      // Closes the client when the last answer is out.
      const records = answerBatches(client, own.batch, { topK, excludeSeen: own.includeSeen !== true });
      return { json: {}, sections: [], records };
    }
    try {
      return await answerOne(client, target, own, topK, signal);
    } finally {
      client.close();
    }
  },
};
