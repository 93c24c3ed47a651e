import { createHash, timingSafeEqual } from 'node:crypto';
import type { Metadata } from '@grpc/grpc-js';
import { SecretFileError } from '../errors';
import { watchFiles, type WatchOptions } from './watched-files';

/** Shorter ones could be guessed. */
const MIN_LENGTH = 16;

const BEARER = /^Bearer +(\S+)$/i;

/** The environment variable that may hold tokens, separated by commas or white space. */
export const TOKENS_VARIABLE = 'VECTOR_RECALL_TOKENS';

export interface TokenSources extends WatchOptions {
  /** A token a line; lines that begin with # are left out. Empty for none. */
  readonly file: string;
  /** The value of {@link TOKENS_VARIABLE}. */
  readonly variable: string | undefined;
}

/** Decides by its bearer token whether a call is let in. */
export class TokenGuard {
  /** SHA-256 of each token: the tokens themselves are not held. */
  #digests: readonly Buffer[] = [];
  #stop: () => void = () => undefined;

  private constructor() {
    // Made by `open` alone.
  }

  /**
   * @returns `undefined` where neither source has a token: then all calls are let in
   * @throws SecretFileError
   */
  static async open({ file, variable, ...watch }: TokenSources): Promise<TokenGuard | undefined> {
    const fixed = variable?.split(/[\s,]+/).filter((token) => token !== '') ?? [];
    if (file === '' && fixed.length === 0) return undefined;
    const guard = new TokenGuard();
    const take = (origin: string, tokens: readonly string[]): void => {
      const short = tokens.findIndex((token) => token.length < MIN_LENGTH);
      if (short >= 0) {
        throw new SecretFileError(
          origin,
          `Token ${short + 1} of ${origin} is too short; take at least ${MIN_LENGTH} characters.`,
        );
      }
      guard.#digests = tokens.map(digest);
    };
    take(TOKENS_VARIABLE, fixed);
    if (file !== '') {
      const accept = ([content]: readonly Buffer[]): void => {
        const listed = tokensOf(content.toString('utf8'));
        if (listed.length === 0) throw new SecretFileError(file, `${file} holds no token.`);
        take(file, [...listed, ...fixed]);
      };
      guard.#stop = await watchFiles([file], accept, watch);
    }
    return guard;
  }

  /** Whether the call bears one of the tokens. How long it takes depends on neither which it is nor how near it came. */
  admits(metadata: Metadata): boolean {
    const [header] = metadata.get('authorization');
    const token = typeof header === 'string' ? BEARER.exec(header)?.[1] : undefined;
    if (token === undefined) return false;
    const presented = digest(token);
    return this.#digests.reduce((admitted, known) => timingSafeEqual(known, presented) || admitted, false);
  }

  close(): void {
    this.#stop();
  }
}

function tokensOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
