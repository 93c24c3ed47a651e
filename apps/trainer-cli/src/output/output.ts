import { write, type Streams } from '@vector-recall/command-line';
import type { ReportSection } from '@vector-recall/report';
import pc from 'picocolors';

/** What a command found: plain data for programs, and the same for people. */
export interface CommandResult {
  readonly json: object;
  readonly sections: readonly ReportSection[];
  /** Shown in place of the sections where the result is text of its own. */
  readonly text?: string;
  /** Exit code; 0 when absent. */
  readonly exitCode?: number;
}

/** Whether colours fit a stream; `NO_COLOR` and `FORCE_COLOR` are honoured. */
export function usesColor(stream: NodeJS.WriteStream): boolean {
  if (process.env['NO_COLOR'] !== undefined && process.env['NO_COLOR'] !== '') return false;
  return stream.isTTY || (process.env['FORCE_COLOR'] !== undefined && pc.isColorSupported);
}

/** Prints a result: exactly one JSON object, or the sections. */
export async function printResult(result: CommandResult, asJson: boolean, streams: Streams): Promise<void> {
  if (asJson) {
    await write(streams.stdout, `${JSON.stringify(result.json, null, 2)}\n`);
    return;
  }
  if (result.text !== undefined) {
    await write(streams.stdout, result.text);
    return;
  }
  const { renderTerminal } = await import('@vector-recall/report');
  await write(streams.stdout, `${renderTerminal(result.sections, { color: usesColor(streams.stdout) })}\n`);
}
