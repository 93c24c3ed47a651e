import { createReadStream } from 'node:fs';
import type { PartFormat } from './format';

/** One object a line: `{"userId": 7, "source": "model", "itemIds": [..], "scores": [..]}`. */
export const jsonlFormat: PartFormat = {
  encode(users) {
    const lines = users.map(({ userId, source, itemIds, scores }) =>
      JSON.stringify({ userId, source, itemIds, scores: Array.from(scores, shortest) }),
    );
    return Buffer.from(lines.map((line) => `${line}\n`).join(''));
  },
  async join(parts, into) {
    for (const part of parts) {
      const pieces: AsyncIterable<Buffer> = createReadStream(part, { highWaterMark: 1 << 20 });
      for await (const piece of pieces) await into.writeFile(piece);
    }
  },
};

/** Nine digits tell any two float32 numbers apart; a double would take seventeen. */
function shortest(score: number): number {
  return Number(score.toPrecision(9));
}
