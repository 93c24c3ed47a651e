import { answerCalls, type Answer } from '@vector-recall/threads';
import type { ServedAnswer } from './served-answer';
import { ServedFiles } from './served-files';
import { contextColumns, linesOf } from './served-lines';

export type ServedRequest =
  | { readonly step: 'open'; readonly folder: string; readonly maxBytes: number; readonly fileBytes: number }
  | { readonly step: 'write'; readonly answers: readonly ServedAnswer[] }
  | { readonly step: 'close' };

export interface ServedResponse {
  readonly written: number;
  /** Why the others were not. */
  readonly problem?: string;
}

/** How often the age of the files is looked at. */
const AGE_CHECK_MS = 60_000;

let files: ServedFiles | undefined;

/** The module of a thread that writes the log of answers: making their lines takes about as long as making the answers. */
answerCalls((request: ServedRequest): Promise<Answer<ServedResponse>> => {
  switch (request.step) {
    case 'open': {
      const opened = new ServedFiles(request);
      files = opened;
      setInterval(() => {
        tryTo(() => {
          opened.finishOld();
        });
      }, AGE_CHECK_MS).unref();
      break;
    }
    case 'write':
      return Promise.resolve({ response: write(request.answers) });
    case 'close':
      return Promise.resolve({ response: { written: 0, problem: tryTo(() => files?.finish()) } });
  }
  return Promise.resolve({ response: { written: 0 } });
});

function write(answers: readonly ServedAnswer[]): ServedResponse {
  let written = 0;
  for (const answer of answers) {
    const problem = tryTo(() => files?.append(linesOf(answer), contextColumns(answer.contextNames)));
    // What fails for one answer fails for the next one too.
    if (problem !== undefined) return { written, problem };
    written++;
  }
  return { written };
}

/** @returns why it failed; `undefined` where it did not */
function tryTo(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
