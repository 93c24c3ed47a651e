import { RecallRequest, type DescribeItemsResponse, type DescribeUserResponse } from '../gen/recall/v1/recall';
import type { RecallResponse, RecallServiceClient } from '../gen/recall/v1/recall';
import { answerOf, failureOf } from '../testing/calls';
import { makeWorld, Servers, TestModels, type World } from '../testing/test-server';

let world: World;
let client: RecallServiceClient;
const servers = new Servers();

beforeAll(async () => {
  world = await makeWorld();
  client = servers.client(await servers.start(new TestModels(world.service)));
});
afterAll(async () => {
  await servers.stop();
  await world.remove();
});

const describeItems = (stringIds: string[], integerIds: number[] = []) =>
  answerOf<DescribeItemsResponse>((callback) => client.describeItems({ itemIds: { stringIds, integerIds } }, callback));
const describeUser = (user: { integerUserId?: number; stringUserId?: string }) =>
  answerOf<DescribeUserResponse>((callback) => client.describeUser(user, callback));

it('names items, in their order', async () => {
  const { items, modelVersion } = await describeItems(['i3', 'unknown', 'i1']);
  expect(items).toEqual([
    { known: true, name: 'Item 3', category: '', tags: ['new'] },
    { known: false, name: '', category: '', tags: [] },
    { known: true, name: '', category: 'red', tags: ['old'] },
  ]);
  expect(modelVersion).toBe(world.version);
});

it('tells the history of a user, oldest first', async () => {
  const { offsets, items } = world.catalogue.history;
  const history = Array.from(items.subarray(offsets[0], offsets[1]), (row) => `i${row}`);
  expect(await describeUser({ integerUserId: 100 })).toMatchObject({ known: true, history: { stringIds: history } });
  expect(await describeUser({ integerUserId: 7 })).toMatchObject({ known: false, history: { stringIds: [] } });
});

it('refuses ids of the other kind, and none', async () => {
  expect(await failureOf(describeItems([], [7]))).toEqual(['INVALID_ARGUMENT', expect.stringContaining('are strings')]);
  expect(await failureOf(describeItems([]))).toEqual(['INVALID_ARGUMENT', expect.stringContaining('has 0 ids')]);
  expect(await failureOf(describeUser({ stringUserId: 'a' }))).toEqual([
    'INVALID_ARGUMENT',
    expect.stringContaining('string_user_id is set'),
  ]);
  expect(await failureOf(describeUser({}))).toEqual(['INVALID_ARGUMENT', expect.stringContaining('user is not set')]);
});

it('reads a filter from text, alone and within others, and says where reading stopped', async () => {
  const recall = (filter: object) =>
    answerOf<RecallResponse>((callback) =>
      client.recall(RecallRequest.fromPartial({ topK: 60, excludeSeen: false, filter }), callback),
    );
  const cheap = await recall({ text: 'price < 3' });
  expect(cheap.items?.itemIds?.stringIds.toSorted()).toEqual(['i0', 'i1', 'i2']);
  const both = await recall({ allOf: { filters: [{ text: 'price < 3' }, { not: { text: 'brand = "a"' } }] } });
  expect(both.items?.itemIds?.stringIds.toSorted()).toEqual(['i1', 'i2']);
  expect(await failureOf(recall({ text: 'price < "x"' }))).toEqual([
    'INVALID_ARGUMENT',
    expect.stringContaining('at character 9:\n  price < "x"\n          ^'),
  ]);
});
