import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sectionSchemas } from '@vector-recall/core-config';
import { RecallServer } from '@vector-recall/recall-grpc';
import { ModelHost } from '@vector-recall/recall-service';
import { publishSmallWorld } from '@vector-recall/recall-service/testing';
import { pino } from 'pino';
import { HttpPort } from './http-port';

const READ = 'a-token-that-reads';
const ADMIN = 'a-token-that-promotes';

let root: string;
let versions: readonly string[];
let host: ModelHost;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'recall-console-'));
  const { version: first } = await publishSmallWorld(root);
  const { version: second } = await publishSmallWorld(root, { config: { idDim: 5 } });
  versions = [first, second];
  host = new ModelHost(root, { service: { searchThreads: 1, strictIds: true } });
  await host.start();
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
afterAll(async () => {
  await host.close();
  await rm(root, { recursive: true });
});

/** @returns the address of the port */
async function start(tokens?: string): Promise<string> {
  const config = sectionSchemas.server.parse({ host: '127.0.0.1', port: 0, console: true });
  const logger = pino({ level: 'silent' });
  const env = tokens === undefined ? {} : { VECTOR_RECALL_TOKENS: tokens };
  const common = { config, logger };
  const server = await RecallServer.start({ ...common, models: host, env, versionAdmin: host, metricsEndpoint: false });
  stops.push(() => server.drain());
  const [guard] = server.calls;
  const page = { guard, metrics: () => server.registry.metrics() };
  const http = await HttpPort.open({ ...common, services: server.calls, console: page, host: '127.0.0.1', port: 0 });
  stops.push(() => http.close());
  return `http://127.0.0.1:${http.port}`;
}

async function admin(address: string, method: string, token: string, body: object = {}) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await fetch(`${address}/recall.v1.AdminService/${method}`, init);
  return { status: response.status, body: await response.json() };
}

it('serves the page, which loads nothing from elsewhere', async () => {
  const address = await start();
  const page = await fetch(`${address}/console`);
  expect(page.url).toBe(`${address}/console/`);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
  const html = await page.text();
  const parts = Array.from(html.matchAll(/ (?:src|href)="([^#"]+)"/g), ([, part]) => part);
  expect(parts).toEqual(['icon.svg', 'console.css', 'main.js']);
  for (const part of parts) expect((await fetch(new URL(part, page.url))).status).toBe(200);
});

it('shows the metrics to whoever may call', async () => {
  const address = await start(READ);
  expect((await fetch(`${address}/console/metrics`)).status).toBe(401);
  const shown = await fetch(`${address}/console/metrics`, { headers: { authorization: `Bearer ${READ}` } });
  expect(await shown.text()).toContain(`vector_recall_model_info{version="${versions[1]}"} 1`);
});

it('lists, promotes and rolls back versions for the role admin alone', async () => {
  const address = await start(`${READ},write:a-token-that-writes,admin:${ADMIN}`);
  const [first, second] = versions;
  expect(await admin(address, 'ListVersions', ADMIN)).toEqual({
    status: 200,
    body: { versions: [{ version: second, promoted: true, serving: true }, { version: first }] },
  });
  expect(await admin(address, 'PromoteModel', ADMIN, { version: first })).toEqual({
    status: 200,
    body: { modelVersion: first, previousVersion: second },
  });
  expect(await admin(address, 'RollBackModel', ADMIN)).toMatchObject({ body: { modelVersion: second } });
  for (const [token, message] of [
    [READ, 'This token may only read; send one that the server lists as "admin:TOKEN".'],
    ['a-token-that-writes', 'This token may not promote versions; send one that the server lists as "admin:TOKEN".'],
  ] as const) {
    const refused = await admin(address, 'PromoteModel', token, { version: first });
    expect(refused).toEqual({ status: 403, body: { code: 'permission_denied', message } });
  }
  expect(await admin(address, 'ReloadModel', ADMIN)).toMatchObject({ status: 404 });
  expect(host.version).toBe(second);
});

it('promotes nothing on a server without tokens', async () => {
  const address = await start();
  expect(await admin(address, 'PromoteModel', ADMIN, { version: versions[0] })).toMatchObject({
    status: 403,
    body: { message: expect.stringContaining('start it with --token-file') as string },
  });
});
