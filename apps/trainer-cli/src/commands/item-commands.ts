import type { ChangeAnswer, ItemClient } from '@vector-recall/recall-grpc';
import type { ReportSection } from '@vector-recall/report';
import type { Command } from 'commander';
import { z } from 'zod';
import { inGroups, readEvents, readItems, type FileLine } from './change-file';
import type { CommandDefinition, CommandGroup, Invocation } from './command';
import { readId } from './id-text';
import { declareServerFlags, serverCallOf } from './server-call';

const itemsGroup: CommandGroup = { name: 'items', summary: 'change the items of a running recall server' };
const eventsGroup: CommandGroup = { name: 'events', summary: 'tell a running recall server what users did' };

/** Of a call; a server takes 256 by default. */
const GROUP = 100;

const fileFlags = z.object({ file: z.string(), changeId: z.string().optional() });
const idFlags = z.object({ ids: z.array(z.string()).min(1) });

function declareFileFlags(command: Command, what: string): void {
  declareServerFlags(command, { target: 'localhost:50051', deadlineMs: 30_000 });
  command
    .requiredOption('--file <file>', `${what}, one JSON object a line; - for standard input`)
    .option('--change-id <id>', 'a name for this import: what was made of it before is not made again');
}

export const itemsUpsertCommand: CommandDefinition = {
  group: itemsGroup,
  name: 'upsert',
  summary: 'add items, or replace what is known of them, from a file of JSON lines',
  accepts: () => false,
  usesStoredConfig: false,
  declare: (command) => {
    declareFileFlags(command, 'items');
  },
  run: (invocation) => {
    const { file } = fileFlags.parse(invocation.own);
    return sendFile(invocation, 'Items', readItems(file), (client, items, options) =>
      client.upsertItems(items, options),
    );
  },
};

export const eventsAppendCommand: CommandDefinition = {
  group: eventsGroup,
  name: 'append',
  summary: 'append events of users from a file of JSON lines',
  accepts: () => false,
  usesStoredConfig: false,
  declare: (command) => {
    declareFileFlags(command, 'events');
  },
  run: (invocation) => {
    const { file } = fileFlags.parse(invocation.own);
    return sendFile(invocation, 'Events', readEvents(file), (client, events, options) =>
      client.appendEvents(events, options),
    );
  },
};

export const itemsDeleteCommand: CommandDefinition = {
  group: itemsGroup,
  name: 'delete',
  summary: 'delete items',
  accepts: () => false,
  usesStoredConfig: false,
  declare: declareIds,
  run: async (invocation) => {
    const { ids, target } = await idsOf(invocation);
    const answer = await withClient(invocation, (client) => client.deleteItems(ids, { signal: invocation.signal }));
    return { json: answer, sections: [answerSection('Items', target, answer)] };
  },
};

export const itemsGetCommand: CommandDefinition = {
  group: itemsGroup,
  name: 'get',
  summary: 'show what was changed of items since the training',
  accepts: () => false,
  usesStoredConfig: false,
  declare: declareIds,
  run: async (invocation) => {
    const { ids, target } = await idsOf(invocation);
    const changes = await withClient(invocation, (client) => client.getItems(ids, { signal: invocation.signal }));
    const facts = changes.map((change, i): readonly [string, string] => {
      if (change.kind !== 'upserted') return [String(ids[i]), change.kind];
      const { vector, attributes, name } = change.item;
      const parts = [
        ...(name === undefined ? [] : [name]),
        ...(attributes === undefined ? [] : [JSON.stringify(attributes)]),
        ...(vector === undefined ? [] : [`a vector of ${vector.length} values`]),
      ];
      return [String(ids[i]), parts.length === 0 ? 'upserted' : `upserted: ${parts.join(', ')}`];
    });
    const section = {
      id: 'items',
      title: 'Items',
      facts: [['server', target] as const, ...facts],
      tables: [],
      notes: [],
    };
    const json = changes.map((change, i) => ({
      id: ids[i],
      ...change,
      ...(change.kind === 'upserted' && change.item.vector !== undefined
        ? { item: { ...change.item, vector: [...change.item.vector] } }
        : {}),
    }));
    return { json, sections: [section] };
  },
};

function declareIds(command: Command): void {
  declareServerFlags(command, { target: 'localhost:50051', deadlineMs: 5000 });
  command.argument('<ids...>', 'the items, exactly as in the catalogue');
}

/** Ids of the kind that the server's model has. */
async function idsOf({ own, ...invocation }: Invocation): Promise<{ ids: (number | string)[]; target: string }> {
  const given = idFlags.parse(own);
  const { target, options } = serverCallOf({ own, ...invocation });
  const { RecallClient } = await import('@vector-recall/recall-grpc');
  const client = new RecallClient(target, options);
  try {
    const { itemIdKind } = await client.modelInfo({ signal: invocation.signal });
    return { ids: given.ids.map((text) => readId('ID', text, itemIdKind)), target };
  } finally {
    client.close();
  }
}

async function withClient<Result>(
  invocation: Invocation,
  use: (client: ItemClient) => Promise<Result>,
): Promise<Result> {
  const { target, options } = serverCallOf(invocation);
  const { ItemClient } = await import('@vector-recall/recall-grpc');
  const client = new ItemClient(target, options);
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

/** Sends the lines of a file in calls of some, and adds up what was made of them. */
async function sendFile<Value>(
  invocation: Invocation,
  title: string,
  lines: AsyncIterable<FileLine<Value>>,
  send: (
    client: ItemClient,
    values: readonly Value[],
    options: { readonly signal: AbortSignal; readonly changeId?: string },
  ) => Promise<ChangeAnswer>,
) {
  const { changeId } = fileFlags.parse(invocation.own);
  const { signal } = invocation;
  const answer = await withClient(invocation, async (client) => {
    let [applied, repeated] = [0, 0];
    for await (const group of inGroups(lines, GROUP)) {
      const options = { signal, changeId: changeId === undefined ? undefined : `${changeId}/${group[0].line}` };
      const made = await send(
        client,
        group.map(({ value }) => value),
        options,
      );
      applied += made.applied;
      repeated += made.repeated;
    }
    return { applied, repeated };
  });
  return { json: answer, sections: [answerSection(title, serverCallOf(invocation).target, answer)] };
}

function answerSection(title: string, target: string, { applied, repeated }: ChangeAnswer): ReportSection {
  const count = (value: number): string => value.toLocaleString('en');
  return {
    id: title.toLowerCase(),
    title,
    facts: [
      ['server', target],
      ['changes made', count(applied)],
      ...(repeated === 0 ? [] : [['made before', count(repeated)] as const]),
    ],
    tables: [],
    notes: [],
  };
}
