import { usingFile, writeAside } from '@vector-recall/core-config/files';
import type { RecallRequest, VectorRecallService } from '@vector-recall/recall-service';
import { BulkRecallError } from './errors';
import type { BulkFormat, PartFormat, UserCandidates } from './formats/format';
import { jsonlFormat } from './formats/jsonl';
import { parquetFormat } from './formats/parquet';
import { PartsFolder } from './parts-folder';

/** Candidates of one part: some 25 MB of columns, which bounds the memory whatever the number of users. */
const CANDIDATES_PER_PART = 1_000_000;
/** Users that are searched for in one call. */
const BLOCK = 256;
/** Calls under way: while results of one are gathered, the threads search for the next. */
const CALLS = 2;

const formats: Readonly<Record<BulkFormat, PartFormat>> = { parquet: parquetFormat, jsonl: jsonlFormat };

export interface BulkRequest {
  /** The file that is written. Parts lie in the folder `<out>.parts` until all are there. */
  readonly out: string;
  readonly format: BulkFormat;
  /** Candidates for each user; 1 to the service's `maxTopK`. */
  readonly topK: number;
  /** Default: the artifact's own. */
  readonly efSearch?: number;
  /** Whether what a user has is excluded. */
  readonly excludeSeen: boolean;
  /** Text of a filter: the only items that may be candidates. Ages are those at the time of each search. */
  readonly filter?: string;
  /** Default: as many as have a million candidates. */
  readonly usersPerPart?: number;
}

export interface BulkProgress {
  /** @param done users whose candidates are on the disk */
  readonly onProgress?: (done: number, users: number) => void;
  readonly signal?: AbortSignal;
}

export interface BulkReport {
  readonly out: string;
  readonly format: BulkFormat;
  /** Version of the artifact that answered. */
  readonly model: string;
  readonly users: number;
  /** Users whose candidates an interrupted run had left; they were not searched for again. */
  readonly resumedUsers: number;
  readonly topK: number;
  /** Items that the filter selects, when the run began; absent where there is none. */
  readonly matches?: number;
  readonly seconds: number;
  /** Of the users that this run searched for. */
  readonly usersPerSecond: number;
}

/**
 * Finds the candidates of every user that the model knows and writes them to one file. A run that is interrupted
 * continues where it stopped when it is called again with the same request and model.
 *
 * @throws BulkRecallError where the model knows no users, FileError, RecallRequestError, or the reason of the signal
 */
export async function recallEveryone(
  service: VectorRecallService,
  request: BulkRequest,
  { onProgress, signal }: BulkProgress = {},
): Promise<BulkReport> {
  const startedAt = performance.now();
  const users = service.userCount;
  if (users === 0) {
    throw new BulkRecallError(`The artifact ${service.version} knows no users; give one that was trained on a log.`);
  }
  const { out, topK, excludeSeen, efSearch = null, filter = null } = request;
  // A request that is refused must not cost the parts of an earlier run. Without a user it searches nothing.
  const { filter: outcome } = await service.recall(requestFor(request), { signal });
  const usersPerPart = request.usersPerPart ?? Math.max(1, Math.floor(CANDIDATES_PER_PART / topK));
  const plan = { model: service.version, topK, efSearch, excludeSeen, users, usersPerPart, filter };
  return usingFile(out, 'written', async () => {
    const folder = await PartsFolder.open(`${out}.parts`, { formatVersion: 1, format: request.format, ...plan });
    const parts = Array.from({ length: Math.ceil(users / usersPerPart) }, (_, part) => part);
    const format = formats[request.format];
    const { userIdKind, itemIdKind } = service.info();
    let done = 0;
    let resumedUsers = 0;
    for (const part of parts) {
      const start = part * usersPerPart;
      const end = Math.min(users, start + usersPerPart);
      if (folder.done.has(part)) resumedUsers += end - start;
      else {
        const found = await recallRange(service, request, start, end, signal);
        await folder.write(part, format.encode(found, { users: userIdKind, items: itemIdKind }));
      }
      done += end - start;
      onProgress?.(done, users);
    }
    const paths = parts.map((part) => folder.pathOf(part));
    await writeAside(out, (handle) => format.join(paths, handle));
    await folder.remove();
    const seconds = (performance.now() - startedAt) / 1000;
    const usersPerSecond = (users - resumedUsers) / seconds;
    const { version: model } = service;
    const matches = outcome === undefined ? {} : { matches: outcome.matches };
    return { out, format: request.format, model, users, resumedUsers, topK, ...matches, seconds, usersPerSecond };
  });
}

/** What is asked for each user. */
function requestFor({ topK, efSearch, excludeSeen, filter }: BulkRequest): RecallRequest {
  return { topK, efSearch, excludeSeen, filter };
}

/** The candidates of the users of rows `start .. end`, in their order. */
async function recallRange(
  service: VectorRecallService,
  request: BulkRequest,
  start: number,
  end: number,
  signal: AbortSignal | undefined,
): Promise<UserCandidates[]> {
  const found = new Array<UserCandidates>(end - start);
  let next = start;
  const call = async (): Promise<void> => {
    while (next < end) {
      signal?.throwIfAborted();
      const first = next;
      next = Math.min(end, first + BLOCK);
      const ids = service.userIds(first, next);
      const requests = ids.map((userId) => ({ userId, ...requestFor(request) }));
      const results = await service.batchRecall(requests, { signal });
      results.forEach(({ source, itemIds, scores }, i) => {
        found[first - start + i] = { userId: ids[i], source, itemIds, scores };
      });
    }
  };
  await Promise.all(Array.from({ length: CALLS }, call));
  return found;
}
