import { createServer } from 'node:http';
import { Metadata } from '@grpc/grpc-js';
import { RecallRequest } from '../gen/recall/v1/recall';
import { answerOf } from '../testing/calls';
import { makeWorld, Servers, TestModels } from '../testing/test-server';
import { startTracing } from './start-tracing';

it.each<Record<string, string>>([
  {},
  { OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:1' },
  { OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:1' },
  { OTEL_EXPORTER_OTLP_ENDPOINT: '' },
])('starts nothing with %j', async (env) => {
  expect(await startTracing(env)).toBeUndefined();
});

describe('with an endpoint', () => {
  const variables = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_PROTOCOL', 'OTEL_BSP_SCHEDULE_DELAY'];
  afterEach(() => {
    for (const name of variables) Reflect.deleteProperty(process.env, name);
  });

  it('sends the span of a call, below that of its caller', async () => {
    const received: Buffer[] = [];
    const collector = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => received.push(chunk));
      request.on('end', () => response.end());
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const address = collector.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    // The SDK reads the environment of the process itself.
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${port}`;
    process.env['OTEL_EXPORTER_OTLP_PROTOCOL'] = 'http/protobuf';
    const stop = await startTracing(process.env);

    const world = await makeWorld();
    const servers = new Servers();
    const server = await servers.start(new TestModels(world.service));
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const metadata = new Metadata();
    metadata.set('traceparent', `00-${traceId}-b7ad6b7169203331-01`);
    const client = servers.client(server);
    await answerOf((callback) => client.recall(RecallRequest.fromPartial({ topK: 1 }), metadata, callback));
    await stop?.();
    await servers.stop();
    await world.remove();
    collector.close();

    const sent = Buffer.concat(received);
    expect(sent.includes('recall.v1.RecallService/Recall')).toBe(true);
    expect(sent.includes('vector-recall-server')).toBe(true);
    expect(sent.includes(Buffer.from(traceId, 'hex'))).toBe(true);
  });
});
