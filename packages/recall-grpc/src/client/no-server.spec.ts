import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createSecureServer, createServer as createHttp2Server } from 'node:http2';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestAuthority } from '../testing/certificates';
import { makeWorld, Servers, TestModels } from '../testing/test-server';
import type { RecallClientOptions } from './client-options';
import { RecallClient } from './recall-client';

describe('where no recall server is', () => {
  const failureAt = async (target: string, options: RecallClientOptions = {}): Promise<unknown> => {
    const client = new RecallClient(target, { maxAttempts: 1, ...options });
    try {
      return await client.modelInfo().catch((reason: unknown) => reason);
    } finally {
      client.close();
    }
  };
  const listen = async (server: Server): Promise<number> => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return typeof address === 'object' ? (address?.port ?? 0) : 0;
  };

  it('says that nobody answers there', async () => {
    const server = createServer();
    const target = `127.0.0.1:${await listen(server)}`;
    await new Promise((resolve) => server.close(resolve));
    expect(await failureAt(target)).toMatchObject({
      status: 'UNAVAILABLE',
      details: `No server answers at ${target} (connect ECONNREFUSED ${target}); start one there, or give the target of one that runs.`,
    });
  });

  it('says that the name has no address', async () => {
    const target = 'nobody.invalid:50051';
    expect(await failureAt(target)).toMatchObject({
      status: 'UNAVAILABLE',
      details: `No server answers at ${target}: its name has no address; correct the target.`,
    });
  });

  describe('as expected', () => {
    const authority = new TestAuthority('the authority');
    const tlsServer = () => {
      const server = createSecureServer(authority.sign('the server'));
      server.on('sessionError', () => undefined);
      return server;
    };
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'recall-client-'));
      writeFileSync(join(folder, 'ca.pem'), authority.cert);
      writeFileSync(join(folder, 'other.pem'), new TestAuthority('another').cert);
    });
    afterAll(() => {
      rmSync(folder, { recursive: true });
    });

    it.each([
      [
        'TLS is spoken and the client does not',
        undefined,
        /^What answers at .* closes connections without TLS; connect/,
      ],
      [
        'the authority is not trusted',
        'other.pem',
        /^The certificate of the server at .* is not trusted \(.*\); give the/,
      ],
    ])('says that %s', async (_, ca, details) => {
      const server = tlsServer();
      const target = `localhost:${await listen(server)}`;
      const tls = ca === undefined ? undefined : { ca: join(folder, ca) };
      expect(await failureAt(target, { tls })).toMatchObject({
        status: 'UNAVAILABLE',
        details: expect.stringMatching(details) as string,
      });
      await new Promise((resolve) => server.close(resolve));
    });

    it('says that TLS is not spoken', async () => {
      const server = createHttp2Server();
      server.on('sessionError', () => undefined);
      const target = `localhost:${await listen(server)}`;
      expect(await failureAt(target, { tls: { ca: join(folder, 'ca.pem') } })).toMatchObject({
        details: `What answers at ${target} does not speak TLS; connect without TLS, or give the target of a server that has it.`,
      });
      await new Promise((resolve) => server.close(resolve));
    });
  });

  it('names the proxy that stands before it, and passes it by on this machine', async () => {
    const world = await makeWorld();
    const servers = new Servers();
    const { ports } = await servers.start(new TestModels(world.service));
    const client = new RecallClient(`localhost:${ports.recall}`);
    const before = process.env['http_proxy'];
    process.env['http_proxy'] = 'http://127.0.0.1:1';
    try {
      expect(await failureAt('recall.example:50051')).toMatchObject({
        details:
          'No server answers at recall.example:50051 through the proxy 127.0.0.1:1 (http_proxy); see whether the proxy lets it through, or add the host to no_proxy.',
      });
      expect((await client.modelInfo()).modelVersion).toBe(world.version);
    } finally {
      if (before === undefined) delete process.env['http_proxy'];
      else process.env['http_proxy'] = before;
      client.close();
      await servers.stop();
      await world.remove();
    }
  });

  it('says that another kind of server is there', async () => {
    const server = createHttp2Server((_, response) => response.writeHead(404).end());
    const target = `127.0.0.1:${await listen(server)}`;
    expect(await failureAt(target)).toMatchObject({
      details: `What answers at ${target} is no gRPC server (HTTP status 404).`,
    });
    await new Promise((resolve) => server.close(resolve));
  });
});
