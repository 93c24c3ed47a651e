import { md, pki } from 'node-forge';

/** A certificate and its key, in PEM. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority of a test, which signs what it is asked to. */
export class TestAuthority {
  readonly #keys = pki.rsa.generateKeyPair(2048);
  readonly #certificate: pki.Certificate;
  #serial = 1;

  constructor(private readonly name: string) {
    this.#certificate = this.#issue(name, this.#keys.publicKey, [{ name: 'basicConstraints', cA: true }]);
  }

  get cert(): string {
    return pki.certificateToPem(this.#certificate);
  }

  /** For `localhost` and 127.0.0.1. */
  sign(name: string): TestCertificate {
    const keys = pki.rsa.generateKeyPair(2048);
    const names = [
      { type: 2, value: 'localhost' },
      { type: 7, ip: '127.0.0.1' },
    ];
    const certificate = this.#issue(name, keys.publicKey, [{ name: 'subjectAltName', altNames: names }]);
    return { cert: pki.certificateToPem(certificate), key: pki.privateKeyToPem(keys.privateKey) };
  }

  #issue(name: string, publicKey: pki.PublicKey, extensions: object[]): pki.Certificate {
    const certificate = pki.createCertificate();
    certificate.publicKey = publicKey;
    certificate.serialNumber = `0${this.#serial++}`;
    certificate.validity.notBefore = new Date(Date.now() - 3_600_000);
    certificate.validity.notAfter = new Date(Date.now() + 3_600_000);
    certificate.setSubject([{ name: 'commonName', value: name }]);
    certificate.setIssuer([{ name: 'commonName', value: this.name }]);
    certificate.setExtensions(extensions);
    certificate.sign(this.#keys.privateKey, md.sha256.create());
    return certificate;
  }
}
