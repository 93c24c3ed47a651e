import { Writable } from 'node:stream';

// What runs the tests asks for colours of its own with it; the commands would colour what these streams collect.
delete process.env['FORCE_COLOR'];

/** A stream that takes text at once, like a terminal, and the text that it took. */
export function collect(): { readonly stream: Writable; readonly text: () => string } {
  let text = '';
  const stream = new Writable({
    write: (chunk: Buffer, _, done) => {
      text += chunk.toString();
      done();
    },
  });
  return { stream, text: () => text };
}
