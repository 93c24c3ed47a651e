import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type PeerCertificate } from 'node:tls';
import { RecallClient } from '../client/recall-client';
import type { RecallClientOptions } from '../client/client-options';
import { ListVersionsRequest } from '../gen/recall/v1/admin';
import type { RecallServer } from '../server/recall-server';
import { answerOf, failureOf } from '../testing/calls';
import { TestAuthority } from '../testing/certificates';
import { idleAdmin, capturingLogger, makeWorld, Servers, TestModels, type World } from '../testing/test-server';

let world: World;
let folder: string;
const servers = new Servers();
const clients: RecallClient[] = [];
const authority = new TestAuthority('the authority');
const stranger = new TestAuthority('another authority');

beforeAll(async () => {
  world = await makeWorld();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recall-grpc-secrets-'));
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await servers.stop();
  rmSync(folder, { recursive: true });
});
afterAll(() => world.remove());

/** Writes a file into the folder of the test, at once as a mounted secret changes. */
function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
  return path;
}

function client({ ports }: RecallServer, options: RecallClientOptions): RecallClient {
  const made = new RecallClient(`localhost:${ports.recall}`, { maxAttempts: 1, ...options });
  clients.push(made);
  return made;
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

const query = { userId: 103, topK: 3 };

describe('TLS', () => {
  const pair = authority.sign('the server');
  const certificateOf = ({ ports }: RecallServer): Promise<PeerCertificate> =>
    new Promise((resolve, reject) => {
      const options = { port: ports.recall, host: 'localhost', ca: authority.cert, ALPNProtocols: ['h2'] };
      const socket = connect(options, () => {
        resolve(socket.getPeerCertificate());
        socket.destroy();
      });
      socket.once('error', reject);
    });

  it('lets in who trusts the authority of the server', async () => {
    const config = { tlsCert: file('cert', pair.cert), tlsKey: file('key', pair.key) };
    const server = await servers.start(new TestModels(world.service), { config });
    const answer = await client(server, { tls: { ca: file('ca', authority.cert) } }).recall(query);
    expect(answer.itemIds).toHaveLength(3);
    const other = client(server, { tls: { ca: file('other', stranger.cert) } });
    await expect(other.recall(query)).rejects.toMatchObject({ status: 'UNAVAILABLE' });
    await expect(client(server, {}).recall(query)).rejects.toMatchObject({ status: 'UNAVAILABLE' });
  });

  it('demands a certificate of clients where it has authorities for them', async () => {
    const ca = file('ca', authority.cert);
    const config = { tlsCert: file('cert', pair.cert), tlsKey: file('key', pair.key), tlsClientCa: ca };
    const server = await servers.start(new TestModels(world.service), { config });
    const known = authority.sign('a client');
    const tls = { ca, cert: file('known', known.cert), key: file('known-key', known.key) };
    expect((await client(server, { tls }).recall(query)).itemIds).toHaveLength(3);
    await expect(client(server, { tls: { ca } }).recall(query)).rejects.toMatchObject({ status: 'UNAVAILABLE' });
    const unknown = stranger.sign('a client');
    const wrong = { ca, cert: file('unknown', unknown.cert), key: file('unknown-key', unknown.key) };
    await expect(client(server, { tls: wrong }).recall(query)).rejects.toMatchObject({ status: 'UNAVAILABLE' });
  });

  it('follows its files, and keeps the last pair that fitted', async () => {
    const lines: string[] = [];
    const config = { tlsCert: file('cert', pair.cert), tlsKey: file('key', pair.key), secretsRefreshMs: 10 };
    const logger = capturingLogger(lines);
    const server = await servers.start(new TestModels(world.service), { config, logger });
    const serial = async (): Promise<string> => (await certificateOf(server)).serialNumber;
    const before = await serial();
    const next = authority.sign('the server');
    file('cert', next.cert);
    await until(() => lines.length > 0);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0])).toMatchObject({
      level: 40,
      msg: `${config.tlsCert} and the key of --tls-key are no certificate and its key (key values mismatch).`,
    });
    expect(await serial()).toBe(before);
    file('key', next.key);
    await until(async () => (await serial()) !== before);
    const ca = file('ca', authority.cert);
    expect((await client(server, { tls: { ca } }).recall(query)).itemIds).toHaveLength(3);
  });

  it.each<[string, () => Record<string, string>, RegExp]>([
    ['no key', () => ({ tlsCert: file('cert', pair.cert) }), /^With --tls-cert, give both --tls-cert and --tls-key\.$/],
    ['no pair', () => ({ tlsClientCa: file('ca', authority.cert) }), /^With --tls-client-ca, give both/],
    ['no file', () => ({ tlsCert: '/nowhere', tlsKey: '/nowhere' }), /^\/nowhere can't be read \(ENOENT\)\.$/],
    [
      'no certificate',
      () => ({ tlsCert: file('cert', 'x'), tlsKey: file('key', pair.key) }),
      /are no certificate and its key \(.+\)\.$/,
    ],
    [
      'no authority',
      () => ({ tlsCert: file('cert', pair.cert), tlsKey: file('key', pair.key), tlsClientCa: file('ca', 'x') }),
      /holds no certificate \(.+\)\.$/,
    ],
  ])('does not start with %s', async (_, config, message) => {
    const start = servers.start(new TestModels(world.service), { config: config() });
    await expect(start).rejects.toMatchObject({
      code: 'SECRET_FILE_INVALID',
      message: expect.stringMatching(message) as string,
    });
  });
});

describe('TLS 1.2', () => {
  it.each([
    ['ECDHE-RSA-AES128-GCM-SHA256', true],
    ['ECDHE-RSA-CHACHA20-POLY1305', true],
    ['AES128-GCM-SHA256', false],
    ['ECDHE-RSA-AES128-SHA256', false],
    ['AES256-SHA', false],
  ])('with %s is spoken: %s', async (ciphers, isSpoken) => {
    const { cert, key } = authority.sign('the server');
    const config = { tlsCert: file('cert.pem', cert), tlsKey: file('key.pem', key) };
    const { ports } = await servers.start(new TestModels(world.service), { config });
    const options = { port: ports.recall, host: 'localhost', ca: authority.cert, ALPNProtocols: ['h2'] };
    const outcome = await new Promise<string>((resolve) => {
      const socket = connect({ ...options, ciphers, maxVersion: 'TLSv1.2' }, () => {
        resolve(socket.getCipher().name);
        socket.destroy();
      });
      socket.on('error', () => {
        resolve('refused');
      });
    });
    expect(outcome).toBe(isSpoken ? ciphers : 'refused');
  });
});

describe('tokens', () => {
  const first = 'first-token-0123456789';
  const second = 'second-token-0123456789';
  const details = 'Send a token that this server knows, as the metadata "authorization: Bearer TOKEN".';

  it('of a file and of the environment are let in, on the recall and the admin port', async () => {
    const config = { tokenFile: file('tokens', `# the rankers\n${first}\n`) };
    const env = { VECTOR_RECALL_TOKENS: second };
    const server = await servers.start(new TestModels(world.service), { config, env, admin: idleAdmin });
    for (const token of [first, second]) {
      expect((await client(server, { token }).recall(query)).itemIds).toHaveLength(3);
    }
    for (const token of [undefined, `${first}x`, first.slice(0, -1), 'the rankers']) {
      const refused = client(server, { token }).recall(query);
      await expect(refused).rejects.toMatchObject({ status: 'UNAUTHENTICATED', details });
    }
    const adminClient = servers.adminClient(server);
    const listed = answerOf((callback) => adminClient.listVersions(ListVersionsRequest.create(), callback));
    expect(await failureOf(listed)).toEqual(['UNAUTHENTICATED', details]);
  });

  it('follow their file', async () => {
    const config = { tokenFile: file('tokens', first), secretsRefreshMs: 10 };
    const server = await servers.start(new TestModels(world.service), { config });
    file('tokens', second);
    const admits = (token: string): Promise<boolean> =>
      client(server, { token })
        .recall(query)
        .then(() => true)
        .catch(() => false);
    await until(() => admits(second));
    expect(await admits(first)).toBe(false);
  });

  it('are revoked by emptying their file', async () => {
    const config = { tokenFile: file('tokens', first), secretsRefreshMs: 10 };
    const lines: string[] = [];
    const logger = capturingLogger(lines);
    const server = await servers.start(new TestModels(world.service), { config, logger });
    expect((await client(server, { token: first }).recall(query)).itemIds).toHaveLength(3);
    file('tokens', '# all gone\n');
    await until(() => lines.some((line) => line.includes('holds no token any more; it lets no call in.')));
    for (const token of [first, undefined]) {
      await expect(client(server, { token }).recall(query)).rejects.toMatchObject({ status: 'UNAUTHENTICATED' });
    }
  });

  it.each(['', ' ', ',', ' , \n'])('in an environment variable of %j refuse to start', async (variable) => {
    const start = servers.start(new TestModels(world.service), { env: { VECTOR_RECALL_TOKENS: variable } });
    await expect(start).rejects.toMatchObject({
      code: 'SECRET_FILE_INVALID',
      message:
        'VECTOR_RECALL_TOKENS is set but holds no token; set it to tokens of callers, or unset it to let all calls in.',
    });
  });

  it.each([
    ['# none\n', /^.*tokens holds no token; write one a line\.$/],
    [`${first}\nshort\n`, /^Token 2 of .*tokens is too short; take at least 16 characters\.$/],
  ])('in a file of %j are refused', async (content, message) => {
    const start = servers.start(new TestModels(world.service), { config: { tokenFile: file('tokens', content) } });
    await expect(start).rejects.toMatchObject({ message: expect.stringMatching(message) as string });
  });
});
