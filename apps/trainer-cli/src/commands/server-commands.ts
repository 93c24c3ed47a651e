import type { ModelInfo } from '@vector-recall/recall-grpc';
import type { ReportSection } from '@vector-recall/report';
import { z } from 'zod';
import { answerTable, timingFacts } from './answer-sections';
import type { CommandDefinition } from './command';
import { checkFilterFlag, filterFacts, filterHelp } from './filter-flag';
import { parseEfSearch, parseTopK } from './flag-values';
import { readId, readIds } from './id-text';
import { declareRulesFlags, rulesFacts, rulesFlags, rulesOf } from './rules-flags';
import { declareServerFlags, serverCallOf } from './server-call';

const similarFlags = z.object({
  item: z.string(),
  topK: z.string(),
  exclude: z.string().optional(),
  efSearch: z.string().optional(),
  filter: z.string().optional(),
  ...rulesFlags.shape,
});

export const similarCommand: CommandDefinition = {
  name: 'similar',
  summary: 'ask a running recall server for the items that are most like one item',
  accepts: () => false,
  usesStoredConfig: false,
  declare: (command) => {
    declareServerFlags(command, { target: 'localhost:50051', deadlineMs: 5000 });
    command
      .requiredOption('--item <id>', 'the item, exactly as in the catalogue')
      .option('--top-k <n>', 'how many items', '20')
      .option('--exclude <ids>', 'item ids with commas that must not be returned')
      .option('--ef-search <n>', 'breadth of the search (default: the one stored with the index)')
      .option('--filter <text>', filterHelp);
    declareRulesFlags(command);
  },
  run: async (invocation) => {
    const { item, topK, exclude, efSearch, filter, ...ofRules } = similarFlags.parse(invocation.own);
    await checkFilterFlag(filter);
    const { signal } = invocation;
    const limits = { topK: parseTopK(topK), efSearch: efSearch === undefined ? undefined : parseEfSearch(efSearch) };
    const { target, options } = serverCallOf(invocation);
    const { RecallClient } = await import('@vector-recall/recall-grpc');
    const client = new RecallClient(target, options);
    try {
      const { itemIdKind } = await client.modelInfo({ signal });
      const itemId = readId('--item', item, itemIdKind);
      const excludeItemIds = exclude === undefined ? undefined : readIds('--exclude', exclude, itemIdKind);
      const rules = rulesOf(ofRules, { topK: limits.topK, itemIdKind });
      const answer = await client.similarItems({ itemId, excludeItemIds, filter, rules, ...limits }, { signal });
      const facts = [
        ['server', target],
        ['version', answer.modelVersion],
        ['item', item],
        ...timingFacts(answer.timings),
        ...filterFacts(answer.filter),
        ...rulesFacts(answer.rules),
      ] as const;
      const section = { id: 'similar', title: 'Similar items', facts, tables: [answerTable(answer)], notes: [] };
      return { json: { ...answer, scores: [...answer.scores] }, sections: [section] };
    } finally {
      client.close();
    }
  },
};

function infoSection(target: string, info: ModelInfo): ReportSection {
  const count = (value: number): string => value.toLocaleString('en');
  const listOf = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));
  return {
    id: 'info',
    title: 'Model',
    facts: [
      ['server', target],
      ['version', info.modelVersion],
      ['users', `${count(info.userCount)}, ids are ${info.userIdKind}s`],
      ['items', `${count(info.itemCount)}, ids are ${info.itemIdKind}s`],
      ['dimensions', String(info.dimension)],
      ...(info.space === undefined ? [] : [['scores', info.space] as const]),
      ['takes', info.inputs.length === 0 ? 'unknown' : info.inputs.join(', ')],
      ['attributes', info.attributes.map(({ name, kind }) => `${name} (${kind})`).join(', ') || 'none'],
      ['user features', listOf(info.userFeatureNames)],
      ['context', listOf(info.contextNames)],
      ['event types', listOf(info.eventTypes)],
      ['history', `the last ${info.historyLength} items are read`],
      ['efSearch', `${info.defaultEfSearch}, at most ${count(info.maxEfSearch)}`],
      ['most candidates', count(info.maxTopK)],
      ['largest batch', count(info.maxBatchSize)],
    ],
    tables: [],
    notes: [],
  };
}

export const infoCommand: CommandDefinition = {
  name: 'info',
  summary: 'show which model a running recall server answers from, what it takes and its limits',
  accepts: () => false,
  usesStoredConfig: false,
  declare: (command) => {
    declareServerFlags(command, { target: 'localhost:50051', deadlineMs: 5000 });
  },
  run: async (invocation) => {
    const { target, options } = serverCallOf(invocation);
    const { RecallClient } = await import('@vector-recall/recall-grpc');
    const client = new RecallClient(target, options);
    try {
      const info = await client.modelInfo({ signal: invocation.signal });
      return { json: info, sections: [infoSection(target, info)] };
    } finally {
      client.close();
    }
  },
};

const reloadFlags = z.object({ version: z.string().min(1).optional() });

export const reloadCommand: CommandDefinition = {
  name: 'reload',
  summary: 'have a running recall server load the promoted version, or another one, through its admin port',
  accepts: () => false,
  usesStoredConfig: false,
  declare: (command) => {
    declareServerFlags(command, { target: 'localhost:50052', deadlineMs: 60_000 });
    command.argument('[version]', 'the version to load, without promoting it (default: the promoted one)');
  },
  run: async (invocation) => {
    const { version } = reloadFlags.parse(invocation.own);
    const { target, options } = serverCallOf(invocation);
    const { AdminClient } = await import('@vector-recall/recall-grpc');
    const client = new AdminClient(target, options);
    try {
      const answer = await client.reload(version, { signal: invocation.signal });
      const { modelVersion, previousVersion, loadMillis } = answer;
      const isUnchanged = modelVersion === previousVersion;
      const facts = [
        ['server', target],
        ['version', modelVersion],
        ['before', previousVersion ?? 'none'],
        ['loaded in', `${loadMillis} ms`],
      ] as const;
      const notes = isUnchanged ? ['The server answered from this version already.'] : [];
      return { json: answer, sections: [{ id: 'reload', title: 'Reload', facts, tables: [], notes }] };
    } finally {
      client.close();
    }
  },
};
