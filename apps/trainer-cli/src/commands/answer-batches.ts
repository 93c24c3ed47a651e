import type { RecallAnswer, RecallCallError, RecallClient } from '@vector-recall/recall-grpc';
import { readQueries, type FileQuery } from './query-file';

/** What one line of a file of queries came to. */
export interface BatchRecord {
  /** Of the file; counts from 1. */
  readonly line: number;
  readonly user?: number | string;
  readonly itemIds?: RecallAnswer['itemIds'];
  readonly scores?: readonly number[];
  readonly source?: RecallAnswer['source'];
  readonly modelVersion?: string;
  /** What the rules of the line did. */
  readonly rules?: RecallAnswer['rules'];
  /** Why the server did not answer this line. */
  readonly error?: { readonly code: string; readonly message: string };
}

/**
 * Asks a server for the candidates of each line of a file, as many lines a call as it allows, and closes the client.
 *
 * @returns the exit code: 1 where a line was not answered
 * @throws FileError, FileContentError, RecallCallError where a whole call failed
 */
export async function* answerBatches(
  client: RecallClient,
  file: string,
  defaults: { readonly topK: number; readonly excludeSeen: boolean },
): AsyncGenerator<BatchRecord, number> {
  let exitCode = 0;
  try {
    const { userIdKind, itemIdKind, maxBatchSize } = await client.modelInfo();
    for await (const batch of batchesOf(readQueries(file, { ...defaults, userIdKind, itemIdKind }), maxBatchSize)) {
      const answers = await client.batchRecall(batch.map(({ query }) => query));
      for (const [place, answer] of answers.entries()) {
        if (answer instanceof Error) exitCode = 1;
        yield recordOf(batch[place], answer);
      }
    }
  } finally {
    client.close();
  }
  return exitCode;
}

async function* batchesOf(queries: AsyncIterable<FileQuery>, size: number): AsyncGenerator<FileQuery[]> {
  let batch: FileQuery[] = [];
  for await (const query of queries) {
    batch.push(query);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function recordOf({ line, query: { userId } }: FileQuery, answer: RecallAnswer | RecallCallError): BatchRecord {
  const asked = { line, ...(userId === undefined ? {} : { user: userId }) };
  if (answer instanceof Error) return { ...asked, error: { code: answer.status, message: answer.details } };
  const { itemIds, scores, source, modelVersion, rules } = answer;
  return { ...asked, itemIds, scores, source, modelVersion, ...(rules && { rules }) };
}
