import { write, type OutputStream, type Streams } from '@vector-recall/command-line';
import type { ReportSection } from '@vector-recall/report';
import pc from 'picocolors';

/** What a command found: plain data for programs, and the same for people. */
export interface CommandResult {
  readonly json: object;
  readonly sections: readonly ReportSection[];
  /** Shown in place of the sections where the result is text of its own. */
  readonly text?: string;
  /**
   * Results that come one by one, printed as JSON lines in place of the sections, and with `--json` as the field
   * `records` of the object. What it returns is the exit code.
   */
  readonly records?: AsyncGenerator<object, number>;
  /** Exit code; 0 when absent. */
  readonly exitCode?: number;
}

/** Whether colours fit a stream; `NO_COLOR` and `FORCE_COLOR` are honoured. */
export function usesColor(stream: OutputStream): boolean {
  if (process.env['NO_COLOR'] !== undefined && process.env['NO_COLOR'] !== '') return false;
  return stream.isTTY === true || (process.env['FORCE_COLOR'] !== undefined && pc.isColorSupported);
}

/**
 * Prints a result: exactly one JSON object, or the sections.
 * @returns the exit code
 */
export async function printResult(result: CommandResult, asJson: boolean, streams: Streams): Promise<number> {
  const { json, records, text, exitCode = 0 } = result;
  if (records !== undefined) return printRecords(json, records, asJson, streams);
  if (asJson) {
    await write(streams.stdout, `${JSON.stringify(json, null, 2)}\n`);
  } else if (text !== undefined) {
    await write(streams.stdout, text);
  } else {
    const { renderTerminal } = await import('@vector-recall/report');
    await write(streams.stdout, `${renderTerminal(result.sections, { color: usesColor(streams.stdout) })}\n`);
  }
  return exitCode;
}

async function printRecords(
  json: object,
  records: AsyncGenerator<object, number>,
  asJson: boolean,
  { stdout }: Streams,
): Promise<number> {
  const gathered: object[] = [];
  for (;;) {
    const next = await records.next();
    if (next.done === true) {
      if (asJson) await write(stdout, `${JSON.stringify({ ...json, records: gathered }, null, 2)}\n`);
      return next.value;
    }
    if (asJson) gathered.push(next.value);
    else await write(stdout, `${JSON.stringify(next.value)}\n`);
  }
}
