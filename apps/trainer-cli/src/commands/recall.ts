import { UsageError } from '@vector-recall/command-line';
import { compileConfig } from '@vector-recall/core-config';
import type { RecallResult } from '@vector-recall/recall-service';
import { z } from 'zod';
import type { CommandDefinition } from './command';
import { declareArtifactFlag } from './stored-artifact';
import { parseTopK } from './flag-values';

const ownFlags = z.object({
  user: z.string().optional(),
  history: z.string().optional(),
  topK: z.string(),
  includeSeen: z.boolean().optional(),
  artifact: z.string().min(1).optional(),
});

function notesOf({ source, latencyMs, unknownHistoryItems }: RecallResult): string[] {
  return [
    `Source: ${source}, ${latencyMs.toFixed(2)} ms.`,
    ...(source === 'popularity' ? ['Nothing is known of this user: these are the items that most users have.'] : []),
    ...(unknownHistoryItems > 0 ? [`Items of --history that are not in the catalogue: ${unknownHistoryItems}.`] : []),
  ];
}

export const recallCommand: CommandDefinition = {
  name: 'recall',
  summary: 'find candidates for one user in a published artifact',
  accepts: ({ key }) => key === 'backend' || key === 'output',
  usesStoredConfig: true,
  declare: (command) => {
    command
      .option('--user <id>', 'the user, as the log names them')
      .option('--history <ids>', 'item ids with commas, oldest first, in place of the stored history')
      .option('--top-k <n>', 'how many candidates', '20')
      .option('--include-seen', 'keep what the user already has');
    declareArtifactFlag(command);
  },
  run: async (invocation) => {
    const own = ownFlags.parse(invocation.own);
    if (own.user === undefined && own.history === undefined) {
      throw new UsageError('recall needs --user ID or --history ID,ID.');
    }
    const topK = parseTopK(own.topK);
    const { flags, file, env } = invocation;
    const { output } = compileConfig({ file, env, flags }).runtime;
    const { recommendationSection } = await import('@vector-recall/report');
    const { VectorRecallService } = await import('@vector-recall/recall-service');
    const service = await VectorRecallService.fromArtifact(own.artifact ?? output);
    const history = own.history?.split(',').map((id) => id.trim());
    const found = await service.recall({ userId: own.user, history, topK, excludeSeen: own.includeSeen !== true });
    const items = found.itemIds.map((id, rank) => ({
      ...(service.describeItem(id) ?? { id }),
      score: found.scores[rank] ?? Number.NaN,
    }));
    await service.close();
    const section = recommendationSection({ userId: own.user, history: [], items });
    return {
      json: { artifact: { version: service.version }, userId: own.user, ...found, scores: [...found.scores], items },
      sections: [{ ...section, notes: notesOf(found) }],
    };
  },
};
