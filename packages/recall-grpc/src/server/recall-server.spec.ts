import { RecallRequest, Source, type RecallResponse } from '../gen/recall/v1/recall';
import { answerOf } from '../testing/calls';
import { makeWorld, Servers, TestModels, type World } from '../testing/test-server';
import type { RecallServer } from './recall-server';

let world: World;
let models: TestModels;
let server: RecallServer;
const servers = new Servers();

beforeAll(async () => {
  world = await makeWorld();
}, 60_000);

beforeEach(async () => {
  models = new TestModels(world.service);
  server = await servers.start(models);
});

afterEach(() => servers.stop());
afterAll(() => world.remove());

const recall = (request: Partial<RecallRequest>): Promise<RecallResponse> =>
  answerOf((callback) => servers.client(server).recall(RecallRequest.fromPartial(request), callback));

describe('Recall', () => {
  it('answers as the service does', async () => {
    const response = await recall({ integerUserId: 103, topK: 10, excludeSeen: true });
    const { itemIds, scores } = await world.service.recall({ userId: 103, topK: 10 });
    expect(response).toMatchObject({
      items: { itemIds: { integerIds: [], stringIds: itemIds }, scores: [...scores] },
      modelVersion: world.version,
      source: Source.SOURCE_MODEL,
      unknownHistoryItems: 0,
    });
  });
});
