import { once } from 'node:events';
import { connect, type IncomingHttpHeaders, type Settings } from 'node:http2';
import { createServer } from 'node:net';
import { Metadata, status, type CallOptions } from '@grpc/grpc-js';
import { service as healthDefinition } from 'grpc-health-check';
import { GetModelInfoRequest, RecallRequest, type RecallResponse } from '../gen/recall/v1/recall';
import { answerOf, failureOf } from '../testing/calls';
import { idleAdmin, makeWorld, Servers, TestModels, type World } from '../testing/test-server';
import type { ServedModel } from '../contract/model-source';
import type { RecallServer } from './recall-server';

let world: World;
const servers = new Servers();

beforeAll(async () => {
  world = await makeWorld();
});
afterEach(() => servers.stop());
afterAll(() => world.remove());

const recall = (server: RecallServer, options: CallOptions = {}): Promise<RecallResponse> =>
  answerOf((callback) =>
    servers.client(server).recall(RecallRequest.fromPartial({ topK: 1 }), new Metadata(), options, callback),
  );

const text = async (server: RecallServer, path: string): Promise<[number, string]> => {
  const response = await fetch(`http://127.0.0.1:${server.ports.metrics ?? 0}${path}`);
  return [response.status, await response.text()];
};

async function health(server: RecallServer, service: string): Promise<unknown> {
  const { path, requestSerialize, responseDeserialize } = healthDefinition['Check'];
  const client = servers.client(server);
  const answer = await answerOf<{ status?: string }>((callback) =>
    client.makeUnaryRequest<object, { status?: string }>(
      path,
      requestSerialize,
      responseDeserialize as (bytes: Buffer) => { status?: string },
      { service },
      callback,
    ),
  );
  return answer.status;
}

/** A model whose answers come when they are let go; it stops when its caller does. */
class SlowModel {
  readonly #waiting: (() => void)[] = [];
  begun = 0;
  aborted = 0;

  readonly served: ServedModel = {
    get searchQueueLength() {
      return world.service.searchQueueLength;
    },
    info: () => world.service.info(),
    similarItems: (...call) => world.service.similarItems(...call),
    encodeUsers: (...call) => world.service.encodeUsers(...call),
    encodeItems: (...call) => world.service.encodeItems(...call),
    describeItems: (...call) => world.service.describeItems(...call),
    describeUser: (...call) => world.service.describeUser(...call),
    recallEach: (...call) => world.service.recallEach(...call),
    recall: async (request, options) => {
      this.begun++;
      await new Promise<void>((resolve, reject) => {
        this.#waiting.push(resolve);
        options?.signal?.addEventListener('abort', () => {
          this.aborted++;
          reject(new Error('The call has ended.'));
        });
      });
      return world.service.recall(request);
    },
  };

  letGo(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe('health', () => {
  it('is NOT_SERVING until there is a model', async () => {
    const models = new TestModels(undefined);
    const server = await servers.start(models);
    expect(await health(server, 'recall.v1.RecallService')).toBe('NOT_SERVING');
    expect(await text(server, '/readyz')).toEqual([503, 'not ready: no model is loaded yet\n']);
    expect(await text(server, '/healthz')).toEqual([200, 'ok\n']);
    expect(await failureOf(recall(server))).toEqual(['UNAVAILABLE', 'No model is loaded yet; try again soon.']);
    models.model = world.service;
    server.noteSwap('ok');
    expect(await health(server, '')).toBe('SERVING');
    expect(await health(server, 'recall.v1.RecallService')).toBe('SERVING');
    expect(await text(server, '/readyz')).toEqual([200, 'ready\n']);
    expect((await recall(server)).modelVersion).toBe(world.version);
  });
});

describe('reflection', () => {
  it('knows the contract', async () => {
    const server = await servers.start(new TestModels(world.service));
    // ServerReflectionRequest { list_services: "" }; the answer names the services.
    const stream = servers.client(server).makeBidiStreamRequest(
      '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => bytes,
    );
    const answer = new Promise<Buffer>((resolve) => stream.once('data', resolve));
    stream.write(Buffer.from([0x3a, 0x00]));
    expect((await answer).toString('latin1')).toContain('recall.v1.RecallService');
    stream.end();
  });
});

describe('metrics', () => {
  it('count calls, time stages and tell the model', async () => {
    const server = await servers.start(new TestModels(world.service));
    server.noteSwap('refused');
    server.noteLiveRecall({
      type: 'checked',
      recalls: [
        { depth: 'all', recall: 0.92 },
        { depth: 10, recall: 1 },
      ],
    });
    server.noteLiveRecall({ type: 'dropped' });
    server.noteLiveMerge({ type: 'merged', kind: 'join', items: 2048, ms: 300 });
    server.noteLiveMerge({ type: 'problem', error: new Error('The disk is full.') });
    await recall(server);
    await answerOf((callback) =>
      servers
        .client(server)
        .batchRecall({ requests: [RecallRequest.fromPartial({ integerUserId: 101, topK: 2 })] }, callback),
    );
    await failureOf(answerOf((callback) => servers.client(server).recall(RecallRequest.create(), callback)));
    const [code, page] = await text(server, '/metrics');
    expect(code).toBe(200);
    for (const line of [
      'vector_recall_requests_total{method="Recall",code="OK"} 1',
      'vector_recall_requests_total{method="BatchRecall",code="OK"} 1',
      'vector_recall_requests_total{method="Recall",code="INVALID_ARGUMENT"} 1',
      'vector_recall_stage_seconds_count{stage="search"} 1',
      'vector_recall_stage_seconds_count{stage="total"} 2',
      'vector_recall_batch_users_sum 1',
      'vector_recall_in_flight_users 0',
      'vector_recall_search_queue_queries 0',
      `vector_recall_model_info{version="${world.version}"} 1`,
      'vector_recall_index_items 60',
      'vector_recall_known_users 12',
      'vector_recall_model_swaps_total{outcome="ok"} 0',
      'vector_recall_model_swaps_total{outcome="refused"} 1',
      'vector_recall_live_recall_sum{k="all"} 0.92',
      'vector_recall_live_recall_bucket{le="0.9",k="all"} 0',
      'vector_recall_live_recall_bucket{le="0.93",k="all"} 1',
      'vector_recall_live_recall_count{k="10"} 1',
      'vector_recall_live_recall_unchecked_total{reason="busy"} 1',
      'vector_recall_live_recall_unchecked_total{reason="failed"} 0',
      'vector_recall_live_merge_seconds_sum{kind="join"} 0.3',
      'vector_recall_live_merged_items_total{kind="join"} 2048',
      'vector_recall_live_merged_items_total{kind="update"} 0',
      'vector_recall_live_merged_items_total{kind="rebuild"} 0',
      'vector_recall_live_merge_failures_total 1',
    ]) {
      expect(page).toContain(`${line}\n`);
    }
    expect(page).toContain('nodejs_eventloop_lag_p99_seconds');
    expect(page).toContain('process_resident_memory_bytes');
    expect((await text(server, '/nothing'))[0]).toBe(404);
  });
});

describe('bounds', () => {
  it('refuse calls past --max-in-flight, and take them again after', async () => {
    const model = new SlowModel();
    const server = await servers.start(new TestModels(model.served), { config: { maxInFlight: 2 } });
    const taken = [recall(server), recall(server)];
    await until(() => model.begun === 2);
    const refused = await Promise.all(Array.from({ length: 20 }, () => failureOf(recall(server))));
    expect(new Set(refused.map(([code]) => code))).toEqual(new Set(['RESOURCE_EXHAUSTED']));
    // What tells whether the server lives is let in all the same.
    expect(await health(server, '')).toBe('SERVING');
    expect(refused[0][1]).toBe(
      'The server works on as many users as it can in time (latency-target, max-in-flight); try again later.',
    );
    model.letGo();
    expect(await Promise.all(taken)).toHaveLength(2);
    const again = recall(server);
    await until(() => model.begun === 3);
    model.letGo();
    await again;
  });

  it('refuse a call when it begins, before its request has come', async () => {
    const model = new SlowModel();
    const server = await servers.start(new TestModels(model.served), { config: { maxInFlight: 1 } });
    const taken = recall(server);
    await until(() => model.begun === 1);
    const session = connect(`http://127.0.0.1:${server.ports.recall}`);
    const head = { ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers' };
    const stream = session.request({ ...head, ':path': '/recall.v1.RecallService/Recall' }, { endStream: false });
    const [answer] = (await once(stream, 'response')) as [IncomingHttpHeaders];
    expect(answer).toMatchObject({ ':status': 200, 'grpc-status': '8' });
    const unknown = session.request({ ...head, ':path': '/recall.v1.RecallService/Forget' });
    expect((await once(unknown, 'response'))[0]).toMatchObject({ 'grpc-status': '12' });
    session.destroy();
    model.letGo();
    await taken;
    expect(await text(server, '/metrics')).toEqual([
      200,
      expect.stringContaining('vector_recall_requests_total{method="Recall",code="RESOURCE_EXHAUSTED"} 1\n'),
    ]);
  });

  it('count each user of a batch', async () => {
    const model = new SlowModel();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const recallEach: ServedModel['recallEach'] = async (requests) => {
      await held;
      return world.service.recallEach(requests);
    };
    const models = new TestModels({ ...model.served, recallEach });
    const server = await servers.start(models, { config: { maxInFlight: 3 } });
    const requests = Array.from({ length: 3 }, () => RecallRequest.fromPartial({ topK: 1 }));
    const batch = answerOf((callback) => servers.client(server).batchRecall({ requests }, callback));
    await until(() => models.leases === 1);
    expect((await failureOf(recall(server)))[0]).toBe('RESOURCE_EXHAUSTED');
    release();
    await batch;
  });
});

describe('a call that nobody waits for', () => {
  it('is dropped when its caller goes', async () => {
    const model = new SlowModel();
    const models = new TestModels(model.served);
    const server = await servers.start(models);
    const client = servers.client(server);
    const call = client.recall(RecallRequest.fromPartial({ topK: 1 }), () => undefined);
    await until(() => model.begun === 1);
    call.cancel();
    await until(() => model.aborted === 1 && models.leases === 0);
    // And when its whole connection does.
    client.recall(RecallRequest.fromPartial({ topK: 1 }), () => undefined);
    await until(() => model.begun === 2);
    client.close();
    client.getChannel().close();
    const cancelled = 'vector_recall_requests_total{method="Recall",code="CANCELLED"} 1';
    expect(await server.registry.metrics()).toContain(cancelled);
    model.letGo();
    await until(() => models.leases === 0);
  });

  it('is dropped at its deadline', async () => {
    const model = new SlowModel();
    const models = new TestModels(model.served);
    const server = await servers.start(models);
    const client = servers.client(server);
    // With a connection that stands, the call reaches the server long before its deadline.
    await answerOf((callback) => client.getModelInfo(GetModelInfoRequest.create(), callback));
    const late = answerOf((callback) =>
      client.recall(RecallRequest.fromPartial({ topK: 1 }), new Metadata(), { deadline: Date.now() + 1000 }, callback),
    );
    expect((await failureOf(late))[0]).toBe('DEADLINE_EXCEEDED');
    await until(() => model.aborted === 1 && models.leases === 0);
    // The caller may hang up just before the server looks at the clock.
    const ended = /vector_recall_requests_total\{method="Recall",code="(DEADLINE_EXCEEDED|CANCELLED)"\} 1/;
    expect(await server.registry.metrics()).toMatch(ended);
  });
});

describe('drain', () => {
  it('lets the calls in flight finish and takes no more', async () => {
    const model = new SlowModel();
    const server = await servers.start(new TestModels(model.served));
    const client = servers.client(server);
    const inFlight = answerOf((callback) => client.recall(RecallRequest.fromPartial({ topK: 1 }), callback));
    await until(() => model.begun === 1);
    const drained = server.drain();
    expect(await text(server, '/readyz')).toEqual([503, 'not ready: the server is stopping\n']);
    expect(await health(server, '')).toBe('NOT_SERVING');
    const refused = answerOf((callback) => client.recall(RecallRequest.fromPartial({ topK: 1 }), callback));
    expect(await failureOf(refused)).toEqual(['UNAVAILABLE', 'The server is stopping; call another one.']);
    model.letGo();
    expect(await inFlight).toMatchObject({ modelVersion: world.version });
    expect(await drained).toBe(true);
    expect((await failureOf(recall(server)))[0]).toBe(status[status.UNAVAILABLE]);
  });

  it('cuts off what does not finish in time, and says so', async () => {
    const model = new SlowModel();
    const server = await servers.start(new TestModels(model.served), { config: { drainTimeoutMs: 50 } });
    const cut = failureOf(recall(server));
    await until(() => model.begun === 1);
    expect(await server.drain()).toBe(false);
    expect(['UNAVAILABLE', 'CANCELLED']).toContain((await cut)[0]);
  });
});

describe('a port that is taken', () => {
  it.each([
    ['port', 'recall service'],
    ['adminPort', 'admin service'],
    ['metricsPort', 'metrics endpoint'],
  ] as const)('%s is named in one sentence', async (key, title) => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
    const address = squatter.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const start = servers.start(new TestModels(undefined), { config: { [key]: port }, admin: idleAdmin });
    await expect(start).rejects.toMatchObject({
      code: 'SERVER_CANNOT_LISTEN',
      message: expect.stringMatching(
        new RegExp(`^The ${title} can't listen on 127.0.0.1:${port}: .*EADDRINUSE.*\\.$`),
      ) as string,
    });
    squatter.close();
  });
});

it('tells each connection how many calls it may have at once', async () => {
  const { ports } = await servers.start(new TestModels(undefined), { config: { maxCallsPerConnection: 7 } });
  const session = connect(`http://127.0.0.1:${ports.recall}`);
  const settings = await new Promise<Settings>((resolve) => session.once('remoteSettings', resolve));
  expect(settings.maxConcurrentStreams).toBe(7);
  session.destroy();
});
