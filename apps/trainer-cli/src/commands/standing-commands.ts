import { readTextFile } from '@vector-recall/core-config';
import { UsageError } from '@vector-recall/command-line';
import type { AdminClient } from '@vector-recall/recall-grpc';
import type { Standing } from '@vector-recall/recall-service';
import type { ReportSection } from '@vector-recall/report';
import { z } from 'zod';
import type { CommandResult } from '../output/output';
import type { CommandDefinition, CommandGroup, Invocation } from './command';
import { checkFilterFlag } from './filter-flag';
import { declareServerFlags, serverCallOf } from './server-call';

const standingGroup: CommandGroup = {
  name: 'standing',
  summary: 'rules of a recall server that hold for every request: items that are never returned, and a filter',
};

const setFlags = z.object({
  deny: z.string().optional(),
  denyFile: z.string().min(1).optional(),
  filter: z.string().optional(),
});

/** A hundred thousand ids of a hundred characters. */
const MOST_FILE_BYTES = 10_000_000;

const common = { group: standingGroup, accepts: () => false, usesStoredConfig: false } as const;
const defaults = { target: 'localhost:50052', deadlineMs: 60_000 } as const;

export const standingSetCommand: CommandDefinition = {
  ...common,
  name: 'set',
  summary: 'put standing rules in the place of all before, through the admin port',
  declare: (command) => {
    declareServerFlags(command, defaults);
    command
      .option('--deny <ids>', 'item ids with commas that are never returned')
      .option('--deny-file <file>', 'the same, one id a line')
      .option('--filter <text>', 'the only items that are returned, such as: in_stock = "true"');
  },
  run: async (invocation) => {
    const own = setFlags.parse(invocation.own);
    await checkFilterFlag(own.filter);
    const deniedItemIds = deniedBy(own);
    if (deniedItemIds.length === 0 && own.filter === undefined) {
      throw new UsageError(
        'standing set needs --deny, --deny-file or --filter; "standing clear" takes all rules away.',
      );
    }
    return call(invocation, (client, signal) => client.setStanding({ deniedItemIds, filter: own.filter }, { signal }));
  },
};

export const standingShowCommand: CommandDefinition = {
  ...common,
  name: 'show',
  summary: 'show the standing rules',
  declare: (command) => {
    declareServerFlags(command, defaults);
  },
  run: (invocation) => call(invocation, (client, signal) => client.standing({ signal })),
};

export const standingClearCommand: CommandDefinition = {
  ...common,
  name: 'clear',
  summary: 'take all standing rules away',
  declare: (command) => {
    declareServerFlags(command, defaults);
  },
  run: (invocation) => call(invocation, (client, signal) => client.setStanding({ deniedItemIds: [] }, { signal })),
};

async function call(
  invocation: Invocation,
  ask: (client: AdminClient, signal: AbortSignal) => Promise<Standing>,
): Promise<CommandResult> {
  const { target, options } = serverCallOf(invocation);
  const { AdminClient } = await import('@vector-recall/recall-grpc');
  const client = new AdminClient(target, options);
  try {
    const standing = await ask(client, invocation.signal);
    return { json: standing, sections: [standingSection(target, standing)] };
  } finally {
    client.close();
  }
}

/** As text, which finds integers too. */
function deniedBy({ deny, denyFile }: z.output<typeof setFlags>): string[] {
  const listed = deny === undefined || deny === '' ? [] : deny.split(',');
  const lines = denyFile === undefined ? [] : readTextFile(denyFile, 'The list of ids', MOST_FILE_BYTES).split(/\r?\n/);
  return [...listed, ...lines.filter((line) => line !== '')];
}

function standingSection(target: string, { deniedItemIds, filter }: Standing): ReportSection {
  const shown = deniedItemIds.slice(0, 20).join(', ');
  const more = deniedItemIds.length > 20 ? `, and ${(deniedItemIds.length - 20).toLocaleString('en')} more` : '';
  return {
    id: 'standing',
    title: 'Standing rules',
    facts: [
      ['server', target],
      ['never returned', deniedItemIds.length === 0 ? 'none' : `${shown}${more}`],
      ['only', filter ?? 'all'],
    ],
    tables: [],
    notes: [],
  };
}
