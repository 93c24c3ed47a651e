import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VectorRecallService } from '@vector-recall/recall-service';
import { publishSmallVectors, publishSmallWorld } from '@vector-recall/recall-service/testing';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { BulkRecallError } from './errors';
import { recallEveryone, type BulkRequest } from './recall-everyone';

const USERS = 12;

let folder: string;
let service: VectorRecallService;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bulk-'));
  await publishSmallWorld(join(folder, 'store'));
  service = await VectorRecallService.fromArtifact(join(folder, 'store'));
});
afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true });
});

function requestFor(out: string, change: Partial<BulkRequest> = {}): BulkRequest {
  const format = out.endsWith('parquet') ? 'parquet' : 'jsonl';
  return { out: join(folder, out), format, topK: 5, excludeSeen: true, usersPerPart: 5, ...change };
}

/** What single calls answer, as the rows of a Parquet file. */
async function rowsOfCalls(topK: number, filter?: string) {
  const rows: object[] = [];
  for (const user_id of service.userIds(0, USERS)) {
    const { itemIds, scores, source } = await service.recall({ userId: user_id, topK, filter });
    itemIds.forEach((item_id, i) => {
      rows.push({ user_id: BigInt(user_id), rank: i + 1, item_id, score: scores[i], source });
    });
  }
  return rows;
}

/** Stops a run after its first part. */
async function interrupt(request: BulkRequest): Promise<void> {
  const controller = new AbortController();
  const stopped = recallEveryone(service, request, {
    signal: controller.signal,
    onProgress: () => {
      controller.abort(new Error('stopped'));
    },
  });
  await expect(stopped).rejects.toThrow('stopped');
}

async function readRows(file: string) {
  return parquetReadObjects({ file: await asyncBufferFromFile(file) });
}

it('writes the candidates of everyone as Parquet, a row group a part', async () => {
  const request = requestFor('recs.parquet');
  const seen: number[] = [];
  const report = await recallEveryone(service, request, { onProgress: (done) => void seen.push(done) });
  expect(await readRows(request.out)).toEqual(await rowsOfCalls(5));
  expect((await parquetMetadataAsync(await asyncBufferFromFile(request.out))).row_groups).toHaveLength(3);
  expect(seen).toEqual([5, 10, 12]);
  expect(report).toMatchObject({ users: USERS, resumedUsers: 0, model: service.version, topK: 5 });
  expect(await readdir(folder)).not.toContain('recs.parquet.parts');
});

it('writes the same as JSON lines', async () => {
  const request = requestFor('recs.jsonl');
  await recallEveryone(service, request);
  const lines = (await readFile(request.out, 'utf8')).trimEnd().split('\n');
  const rows = lines.flatMap((line) => {
    const { userId, source, itemIds, scores } = JSON.parse(line) as Awaited<ReturnType<typeof service.recall>> & {
      userId: number;
    };
    return itemIds.map((item_id, i) => ({
      user_id: BigInt(userId),
      rank: i + 1,
      item_id,
      score: Math.fround(scores[i]),
      source,
    }));
  });
  expect(rows).toEqual(await rowsOfCalls(5));
});

it.each(['parquet', 'jsonl'])('continues an interrupted run: %s', async (format) => {
  const request = requestFor(`resumed.${format}`);
  await interrupt(request);
  expect(await readdir(`${request.out}.parts`)).toEqual(['part-000000', 'plan.json']);
  const whole = requestFor(`whole.${format}`);
  await recallEveryone(service, whole);
  expect((await recallEveryone(service, request)).resumedUsers).toBe(5);
  expect(await readFile(request.out)).toEqual(await readFile(whole.out));
});

it('starts again where the parts are of another request', async () => {
  await interrupt(requestFor('other.parquet'));
  const request = requestFor('other.parquet', { topK: 3 });
  expect((await recallEveryone(service, request)).resumedUsers).toBe(0);
  expect(await readRows(request.out)).toEqual(await rowsOfCalls(3));
});

describe('with a filter', () => {
  const filter = 'brand in ("a") and price < 50';

  it('writes what single calls with it answer', async () => {
    const request = requestFor('filtered.parquet', { filter });
    const report = await recallEveryone(service, request);
    const rows = await readRows(request.out);
    expect(rows).toEqual(await rowsOfCalls(5, filter));
    expect(new Set(rows.map(({ item_id }) => Number(String(item_id).slice(1)) % 3))).toEqual(new Set([0]));
    expect(report.matches).toBe(17);
    expect(await recallEveryone(service, requestFor('all.parquet'))).not.toHaveProperty('matches');
  });

  it('starts again where the parts are of another one', async () => {
    await interrupt(requestFor('refiltered.parquet'));
    const request = requestFor('refiltered.parquet', { filter });
    expect((await recallEveryone(service, request)).resumedUsers).toBe(0);
    expect(await readRows(request.out)).toEqual(await rowsOfCalls(5, filter));
  });

  it('keeps the parts of an earlier run where it is refused', async () => {
    const request = requestFor('kept.parquet');
    await interrupt(request);
    const wrong = recallEveryone(service, { ...request, filter: 'colour = "red"' });
    await expect(wrong).rejects.toMatchObject({ code: 'RECALL_REQUEST_INVALID', field: 'filter' });
    expect((await recallEveryone(service, request)).resumedUsers).toBe(5);
  });
});

it('continues a run of a release that wrote no filter into its plan', async () => {
  const request = requestFor('older.parquet');
  await interrupt(request);
  const file = join(`${request.out}.parts`, 'plan.json');
  const { filter, ...older } = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  expect(filter).toBeNull();
  await writeFile(file, JSON.stringify(older));
  expect((await recallEveryone(service, request)).resumedUsers).toBe(5);
});

it('refuses an artifact without users', async () => {
  const root = join(folder, 'vectors');
  await publishSmallVectors(root);
  const nobody = await VectorRecallService.fromArtifact(root);
  try {
    await expect(recallEveryone(nobody, requestFor('none.jsonl'))).rejects.toThrow(BulkRecallError);
  } finally {
    await nobody.close();
  }
});
