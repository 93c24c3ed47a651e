/** A terminal, a pipe or a file. */
export type OutputStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** Where a command writes: results to `stdout`, everything said on the way to `stderr`. */
export interface Streams {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

/** Writes text and waits until it has left, so that nothing is cut off when the process ends. */
export async function write(stream: NodeJS.WritableStream, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.write(text, (error) => {
      if (error == null) resolve();
      else reject(error);
    });
  });
}
