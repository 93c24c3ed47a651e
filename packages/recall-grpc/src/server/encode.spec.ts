import { RecallClient } from '../client/recall-client';
import { RecallCallError } from '../client/errors';
import { makeWorld, Servers, TestModels, type World } from '../testing/test-server';

let world: World;
const servers = new Servers();
let client: RecallClient;

beforeAll(async () => {
  world = await makeWorld();
  const { ports } = await servers.start(new TestModels(world.service), { config: { maxBatch: 4, maxTopK: 5 } });
  client = new RecallClient(`localhost:${ports.recall}`);
});
afterAll(async () => {
  client.close();
  await servers.stop();
  await world.remove();
});

const DIM = 8;
const rowOf = (vectors: Float32Array, row: number): number[] =>
  Array.from(vectors.subarray(row * DIM, (row + 1) * DIM));

describe('EncodeUsers', () => {
  it('returns the stored vector of a user', async () => {
    const [user] = await client.encodeUsers([{ userId: 103 }]);
    expect(user).toEqual({ vector: rowOf(world.userVectors, 3), source: 'model' });
  });

  it('returns the vector that a fresh history is searched by', async () => {
    const history = ['i3', 'i9'];
    const [encoded] = await client.encodeUsers([{ history }]);
    if (encoded instanceof RecallCallError) throw encoded;
    expect(encoded.source).toBe('history');
    const { vector: queryVector } = encoded;
    const byVector = await client.recall({ queryVector, topK: 5, excludeItemIds: history });
    expect(byVector.itemIds).toEqual((await client.recall({ history, topK: 5 })).itemIds);
  });

  it('returns no vector where nothing is known, and an error for an entry alone', async () => {
    const [stranger, wrong, known] = await client.encodeUsers([{}, { userId: 'text' }, { userId: 100 }]);
    expect(stranger).toEqual({ source: 'popularity' });
    expect(wrong).toBeInstanceOf(RecallCallError);
    expect(wrong).toMatchObject({ message: expect.stringMatching(/string_user_id is set/) as string });
    expect(known).toEqual({ vector: rowOf(world.userVectors, 0), source: 'model' });
  });

  it('refuses more users than a batch may have', async () => {
    await expect(client.encodeUsers([{}, {}, {}, {}, {}])).rejects.toThrow(
      'users has more than 4 entries, but it must have from 1 to 4.',
    );
  });
});

describe('EncodeItems', () => {
  it('returns the indexed vectors of items, in their order', async () => {
    const vectors = await client.encodeItems(['i59', 'unknown', 'i0']);
    expect(vectors).toEqual([rowOf(world.itemVectors, 59), undefined, rowOf(world.itemVectors, 0)]);
  });

  it.each([
    [[], 'item_ids has 0 ids, but it must have from 1 to 5.'],
    [['a', 'b', 'c', 'd', 'e', 'f'], 'item_ids has 6 ids, but it must have from 1 to 5.'],
    [[7], 'integer_item_id is set, but the item ids of this model are strings'],
  ])('refuses %j', async (ids, message) => {
    await expect(client.encodeItems(ids)).rejects.toThrow(message);
  });
});
