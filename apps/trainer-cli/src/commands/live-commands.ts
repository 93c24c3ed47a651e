import type { BackupFacts } from '@vector-recall/live-index';
import type { ReportSection } from '@vector-recall/report';
import { z } from 'zod';
import type { CommandDefinition, CommandGroup } from './command';

const liveGroup: CommandGroup = { name: 'live', summary: 'back up and restore the changes of a recall server' };

const copyFlags = z.object({ live: z.string(), from: z.string().optional(), to: z.string().optional() });

export const liveBackupCommand: CommandDefinition = {
  group: liveGroup,
  name: 'backup',
  summary: 'copy the changes of a server, which may run meanwhile, into an empty folder',
  accepts: () => false,
  usesStoredConfig: false,
  declare: (command) => {
    command
      .requiredOption('--live <dir>', "the folder of the server's --live")
      .requiredOption('--to <dir>', 'a folder that is empty or does not exist yet');
  },
  run: async ({ own }) => {
    const { live, to = '' } = copyFlags.parse(own);
    const { copyChanges } = await import('@vector-recall/live-index');
    const facts = await copyChanges(live, to);
    return { json: facts, sections: [copySection('Backup', live, to, facts)] };
  },
};

export const liveRestoreCommand: CommandDefinition = {
  group: liveGroup,
  name: 'restore',
  summary: 'check a backup and copy it into an empty folder, from which a server is started',
  accepts: () => false,
  usesStoredConfig: false,
  declare: (command) => {
    command
      .requiredOption('--from <dir>', 'what "live backup" has written')
      .requiredOption('--live <dir>', 'a folder that is empty or does not exist yet');
  },
  run: async ({ own }) => {
    const { live, from = '' } = copyFlags.parse(own);
    const { copyChanges } = await import('@vector-recall/live-index');
    const facts = await copyChanges(from, live);
    return { json: facts, sections: [copySection('Restore', from, live, facts)] };
  },
};

function copySection(title: string, from: string, to: string, { items, seq, bytes }: BackupFacts): ReportSection {
  const count = (value: number): string => value.toLocaleString('en');
  return {
    id: title.toLowerCase(),
    title,
    facts: [
      ['from', from],
      ['to', to],
      ['changed items', count(items)],
      ['newest change', count(seq)],
      ['bytes', count(bytes)],
    ],
    tables: [],
    notes: [],
  };
}
