import { UsageError } from '@vector-recall/command-line';
import { compileConfig } from '@vector-recall/core-config';
import { extname } from 'node:path';
import type { CommandResult } from '../output/output';
import type { Invocation } from './command';
import { parseChoice } from './flag-values';
import { recommendedSection } from './recommended-section';

export interface AllUsersFlags {
  readonly artifact?: string;
  readonly out?: string;
  readonly topK: number;
  readonly excludeSeen: boolean;
  readonly filter?: string;
}

/** `recall --all-users`: the candidates of everyone, in one file. */
export async function recallAllUsers(
  { flags, file, env, progress, signal }: Invocation,
  { artifact, out, topK, excludeSeen, filter }: AllUsersFlags,
): Promise<CommandResult> {
  if (out === undefined) throw new UsageError('--all-users needs --out FILE, which ends in .parquet or .jsonl.');
  const { bulkFormats, recallEveryone } = await import('@vector-recall/bulk-recall');
  const format = parseChoice('The ending of --out', extname(out).slice(1), bulkFormats);
  const { output } = compileConfig({ file, env, flags }).runtime;
  const { VectorRecallService } = await import('@vector-recall/recall-service');
  const service = await VectorRecallService.fromArtifact(artifact ?? output, { signal });
  const onProgress = (done: number, total: number): void => {
    progress.notify({ type: 'stage-progress', stage: 'demo', done, total, unit: 'users' });
  };
  try {
    const report = await recallEveryone(service, { out, format, topK, excludeSeen, filter }, { onProgress, signal });
    return { json: report, sections: [await recommendedSection(report)] };
  } finally {
    await service.close();
  }
}
