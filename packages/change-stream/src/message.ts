import { decodeEntry, encodeEntry, LiveChangeError, type NewChange } from '@vector-recall/live-index';

/** Of what a message holds: a server that knows only lower ones stops at it. */
export const MESSAGE_FORMAT = 1;
/** The header that tells the format. */
export const FORMAT_HEADER = 'Vector-Recall-Format';

const NEW_LINE = Buffer.from('\n');

/**
 * Changes as messages, in their order: one where they fit, as few as there can be otherwise. A message is JSON, one change
 * a line, as in the log.
 * @param maxBytes of one message
 * @throws LiveChangeError for a change that fits in none
 */
export function packMessages(changes: readonly NewChange[], maxBytes: number): Buffer[] {
  const messages: Buffer[] = [];
  let lines: Buffer[] = [];
  let size = 0;
  const finish = (): void => {
    if (lines.length > 0) messages.push(Buffer.concat(lines));
    lines = [];
    size = 0;
  };
  for (const change of changes) {
    // The place in the order of all is given by those who read it.
    const line = Buffer.concat([encodeEntry({ ...change, seq: 1 }), NEW_LINE]);
    if (line.length > maxBytes) {
      const problem = `A change takes ${line.length} bytes, but the brokers take ${maxBytes} in one message`;
      throw new LiveChangeError('change', `${problem}; raise their max_payload or leave out what nobody reads of it.`);
    }
    if (size + line.length > maxBytes) finish();
    lines.push(line);
    size += line.length;
  }
  finish();
  return messages;
}

/** @returns `undefined` for bytes that are no changes */
export function unpackMessage(bytes: Uint8Array): NewChange[] | undefined {
  const lines = Buffer.from(bytes).toString('utf8').split('\n').slice(0, -1);
  const entries = lines.map((line) => decodeEntry(Buffer.from(line)));
  const changes = entries.flatMap((entry) => {
    return entry === undefined || entry.kind === 'applied' || entry.kind === 'offset' ? [] : [entry];
  });
  return lines.length > 0 && changes.length === lines.length ? changes : undefined;
}
