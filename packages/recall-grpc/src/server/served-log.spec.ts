import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Metadata } from '@grpc/grpc-js';
import { BatchRecallRequest, RecallRequest, SimilarItemsRequest, type RecallResponse } from '../gen/recall/v1/recall';
import type { ServedLogEvent } from '../observe/served-log/served-answer';
import { ServedLog, type ServedLogOptions } from '../observe/served-log/served-log';
import { answerOf } from '../testing/calls';
import { makeWorld, Servers, TestModels, type World } from '../testing/test-server';

let world: World;
let folder: string;
const servers = new Servers();

beforeAll(async () => {
  world = await makeWorld();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'served-log-'));
});
afterEach(async () => {
  await servers.stop();
  await rm(folder, { recursive: true });
});
afterAll(() => world.remove());

/** The lines of all finished files of a kind. */
function read(kind: 'requests' | 'impressions'): Record<string, unknown>[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(`.${kind}.jsonl`));
  const lines = files.flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n').slice(0, -1));
  return lines.map((line): Record<string, unknown> => ({ ...(JSON.parse(line) as object) }));
}

it('keeps requests and what was returned for them, to be joined by the id of the caller', async () => {
  const server = await servers.start(new TestModels(world.service), { config: { logServed: folder } });
  const client = servers.client(server);
  const metadata = new Metadata();
  metadata.set('x-request-id', 'page-7');
  const request = RecallRequest.fromPartial({
    integerUserId: 101,
    history: { stringIds: ['i1', 'i2'] },
    context: { device: 'phone' },
    topK: 3,
    filter: { range: { attribute: 'price', max: 40 } },
  });
  const answer = await answerOf<RecallResponse>((callback) => client.recall(request, metadata, callback));
  const batch = BatchRecallRequest.fromPartial({ requests: [{ topK: 0 }, { integerUserId: 102, topK: 2 }] });
  await answerOf((callback) => client.batchRecall(batch, callback));
  const similar = SimilarItemsRequest.fromPartial({ stringItemId: 'i4', topK: 1 });
  await answerOf((callback) => client.similarItems(similar, callback));
  expect(await server.registry.metrics()).toContain('vector_recall_served_log_answers_total{outcome="dropped"} 0\n');
  await servers.stop();
  expect(await server.registry.metrics()).toContain('vector_recall_served_log_answers_total{outcome="written"} 3\n');

  const requests = read('requests');
  expect(requests.map(({ method }) => method)).toEqual(['Recall', 'BatchRecall', 'SimilarItems']);
  const [first, second, third] = requests;
  expect(first).toMatchObject({
    request: 'page-7',
    version: world.version,
    source: 'model',
    userId: 101,
    history: ['i1', 'i2'],
    context: { device: 'phone' },
    topK: 3,
    returned: 3,
    matches: 41,
    filter: 'price <= 40',
  });
  expect(Math.abs(Number(first.at) - Date.now())).toBeLessThan(600_000);
  // By its place in the batch, of which the wrong one has no answer.
  expect(second.request).toMatch(/^[\w-]+-\w+\/1$/);
  expect(third).toMatchObject({ itemId: 'i4', returned: 1 });

  const impressions = read('impressions');
  expect(impressions).toHaveLength(6);
  const scores = answer.items?.scores ?? [];
  expect(impressions.slice(0, 3)).toEqual(
    (answer.items?.itemIds?.stringIds ?? []).map((item, place) => ({
      request: 'page-7',
      user: 101,
      item,
      at: first.at,
      rank: place + 1,
      score: scores[place],
      device: 'phone',
    })),
  );
  expect(impressions.slice(3).map(({ user, device }) => [user, device])).toEqual([
    [102, null],
    [102, null],
    [null, null],
  ]);
  expect(readFileSync(join(folder, 'dataset.yaml'), 'utf8')).toContain('context: ["device"]');
});

async function openLog(events: ServedLogEvent[], options: Partial<ServedLogOptions> = {}): Promise<ServedLog> {
  const all = { folder, share: 1, maxBytes: 1 << 24, writers: 1, ...options };
  return ServedLog.open({ ...all, onEvent: (event) => events.push(event) });
}

it('keeps the drawn share, and drops what comes faster than it is written', async () => {
  const events: ServedLogEvent[] = [];
  const draws = [0.1, 0.3, 0.29];
  const log = await openLog(events, { share: 0.3, random: () => draws.shift() ?? 0 });
  const request = { userId: 101, topK: 60 };
  const result = await world.service.recall(request);
  const answer = { method: 'Recall', requestId: 'r', at: 0, version: 'v', contextNames: [], request, result } as const;
  for (let i = 0; i < 3; i++) log.note(answer);
  const big = { ...result, itemIds: Array.from({ length: 100_000 }, () => 'i1') };
  // With these two, 200,000 ids would wait.
  for (let i = 0; i < 2; i++) log.note({ ...answer, result: big });
  await log.close();
  const count = (type: 'written' | 'dropped'): number =>
    events.reduce((sum, event) => (event.type === type ? sum + event.answers : sum), 0);
  expect([count('written'), count('dropped')]).toEqual([3, 1]);
  expect(read('requests')).toHaveLength(3);
});

it('says in a sentence which folder it cannot use', async () => {
  await expect(openLog([], { folder: '/dev/null/log' })).rejects.toMatchObject({
    code: 'SERVED_LOG_UNUSABLE',
    message: expect.stringMatching(/^\/dev\/null\/log can't be used for --log-served \(ENOTDIR: .*\)\.$/) as string,
  });
});
