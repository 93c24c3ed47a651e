import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

// What MLflow's REST reference asks of each call, with the limits of its request validation.
const key = z.string().regex(/^[\w./ -]{1,250}$/);
const pair = z.strictObject({ key, value: z.string().max(6000) });
const metric = z.strictObject({ key, value: z.number(), timestamp: z.int(), step: z.int() });
const calls = {
  'POST mlflow/experiments/create': z.strictObject({ name: z.string().min(1) }),
  'POST mlflow/runs/create': z.strictObject({
    experiment_id: z.string(),
    run_name: z.string(),
    start_time: z.int(),
    tags: z.array(pair).max(100),
  }),
  'POST mlflow/runs/log-batch': z.strictObject({
    run_id: z.string(),
    metrics: z.array(metric).max(1000).optional(),
    params: z.array(pair).max(100).optional(),
    tags: z.array(pair).max(100).optional(),
  }),
  'POST mlflow/runs/update': z.strictObject({
    run_id: z.string(),
    status: z.enum(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']),
    end_time: z.int(),
  }),
};

/** What a server was told, in order. */
export interface ReceivedCall {
  readonly call: string;
  readonly body: unknown;
  readonly authorization?: string;
}

export interface MlflowServer {
  readonly url: string;
  readonly received: readonly ReceivedCall[];
  readonly close: () => Promise<void>;
}

/** Answers as MLflow does to the calls that a run makes, and refuses what its request validation would refuse. */
export async function startMlflowServer(experiments: readonly string[] = []): Promise<MlflowServer> {
  const received: ReceivedCall[] = [];
  const known = [...experiments];
  const server = createServer((request, response) => {
    void readText(request).then((text) => {
      const url = new URL(request.url ?? '', 'http://localhost');
      const call = `${request.method ?? ''} ${url.pathname.replace('/api/2.0/', '')}`;
      const body: unknown = request.method === 'POST' ? JSON.parse(text) : text;
      received.push({ call, body, authorization: request.headers.authorization });
      answer(call, body, url.searchParams.get('experiment_name') ?? '', known, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function answer(call: string, body: unknown, experiment: string, known: string[], response: ServerResponse): void {
  const send = (status: number, json: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  };
  if (call === 'GET mlflow/experiments/get-by-name') {
    const at = known.indexOf(experiment);
    if (at < 0) send(404, { error_code: 'RESOURCE_DOES_NOT_EXIST', message: `No experiment ${experiment}` });
    else send(200, { experiment: { experiment_id: String(at), name: experiment } });
    return;
  }
  if (call.startsWith('PUT mlflow-artifacts/artifacts/')) {
    send(200, {});
    return;
  }
  const schema = new Map<string, z.ZodType>(Object.entries(calls)).get(call);
  const parsed = schema?.safeParse(body);
  if (parsed?.success !== true) {
    send(400, { error_code: 'INVALID_PARAMETER_VALUE', message: parsed?.error.message ?? 'unknown call' });
  } else if (call === 'POST mlflow/experiments/create') {
    send(200, { experiment_id: String(known.push(calls[call].parse(body).name) - 1) });
  } else if (call === 'POST mlflow/runs/create') {
    send(200, { run: { info: { run_id: 'r1', artifact_uri: 'mlflow-artifacts:/0/r1/artifacts', status: 'RUNNING' } } });
  } else {
    send(200, {});
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
