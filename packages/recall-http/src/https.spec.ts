import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { sectionSchemas } from '@vector-recall/core-config';
import { RecallServer } from '@vector-recall/recall-grpc';
import { md, pki } from 'node-forge';
import { pino } from 'pino';
import { HttpPort } from './http-port';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recall-https-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Writes a certificate for localhost that signs itself, and its key; the certificate last. */
async function writeCertificate(serial: string): Promise<void> {
  const keys = pki.rsa.generateKeyPair(2048);
  const certificate = pki.createCertificate();
  certificate.publicKey = keys.publicKey;
  certificate.serialNumber = serial;
  certificate.validity.notBefore = new Date(Date.now() - 3_600_000);
  certificate.validity.notAfter = new Date(Date.now() + 3_600_000);
  const name = [{ name: 'commonName', value: 'localhost' }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }]);
  certificate.sign(keys.privateKey, md.sha256.create());
  for (const [file, pem] of [
    ['key.pem', pki.privateKeyToPem(keys.privateKey)],
    ['cert.pem', pki.certificateToPem(certificate)],
  ]) {
    await writeFile(join(folder, `${file}.aside`), pem);
    await rename(join(folder, `${file}.aside`), join(folder, file));
  }
}

/** The serial number of the certificate that a new connection is met with, which must be the one in the file. */
async function serialOf(port: number): Promise<string> {
  const ca = await readFile(join(folder, 'cert.pem'));
  return new Promise((resolve, reject) => {
    const call = request({ host: 'localhost', port, path: '/openapi.json', ca, agent: false }, (response) => {
      response.resume();
      const { socket } = response;
      if (socket instanceof TLSSocket) resolve(socket.getPeerCertificate().serialNumber);
      else reject(new TypeError('The connection has no TLS.'));
    });
    call.on('error', reject).end();
  });
}

it('meets connections with the certificate in force', async () => {
  await writeCertificate('0a');
  const config = sectionSchemas.server.parse({
    host: '127.0.0.1',
    port: 0,
    tlsCert: join(folder, 'cert.pem'),
    tlsKey: join(folder, 'key.pem'),
    secretsRefreshMs: 10,
  });
  const logger = pino({ level: 'silent' });
  const models = { acquire: () => undefined };
  const server = await RecallServer.start({ config, models, logger, env: {}, metricsEndpoint: false });
  const http = await HttpPort.open({ services: server.calls, config, host: 'localhost', port: 0, logger });
  try {
    expect(await serialOf(http.port)).toBe('0A');
    await writeCertificate('0b');
    let serial: string | undefined;
    // Until the files are read again, the old certificate is met, which the new file does not vouch for.
    while (serial === undefined) serial = await serialOf(http.port).catch(() => undefined);
    expect(serial).toBe('0B');
    await expect(fetch(`http://localhost:${http.port}/openapi.json`)).rejects.toThrow('fetch failed');
  } finally {
    await http.close();
    await server.drain();
  }
});
