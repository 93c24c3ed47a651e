import { createHash, timingSafeEqual } from 'node:crypto';
import { SecretFileError } from '../errors';
import { watchFiles, type WatchOptions } from './watched-files';

/** Shorter ones could be guessed. */
const MIN_LENGTH = 16;

const BEARER = /^Bearer +(\S+)$/i;

/** The environment variable that may hold tokens, separated by commas or white space. */
export const TOKENS_VARIABLE = 'VECTOR_RECALL_TOKENS';

export interface TokenSources extends WatchOptions {
  /**
   * A token a line, with `write:` before those whose bearers may make changes, and `admin:` before those whose bearers may
   * promote versions too; lines that begin with # are comments. Empty for none.
   */
  readonly file: string;
  /** The value of {@link TOKENS_VARIABLE}. */
  readonly variable: string | undefined;
}

/** From the least to the most: each may do what those before it may. */
const roles = ['read', 'write', 'admin'] as const;

/** What the bearer of a token may do: answer queries, change items and users too, or promote versions too. */
export type Role = (typeof roles)[number];

/** Whether a role suffices where another is needed. */
export function covers(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}

interface KnownToken {
  /** SHA-256: the tokens themselves are not held. */
  readonly digest: Buffer;
  readonly role: Role;
}

/** Decides by its bearer token whether a call is let in. */
export class TokenGuard {
  #known: readonly KnownToken[] = [];
  #stop: () => void = () => undefined;

  private constructor() {
    // Made by `open` alone.
  }

  /**
   * @returns `undefined` where there is neither source: then all calls are let in
   * @throws SecretFileError
   */
  static async open({ file, variable, ...watch }: TokenSources): Promise<TokenGuard | undefined> {
    const fixed = variable?.split(/[\s,]+/).filter((token) => token !== '');
    if (fixed?.length === 0) {
      // As from a secret that is empty: a server that was meant to be closed must not be open.
      const advice = 'set it to tokens of callers, or unset it to let all calls in';
      throw new SecretFileError(TOKENS_VARIABLE, `${TOKENS_VARIABLE} is set but holds no token; ${advice}.`);
    }
    if (file === '' && fixed === undefined) return undefined;
    const guard = new TokenGuard();
    const take = (origin: string, tokens: readonly string[]): void => {
      const known = tokens.map(splitRole);
      const short = known.findIndex(({ token }) => token.length < MIN_LENGTH);
      if (short >= 0) {
        throw new SecretFileError(
          origin,
          `Token ${short + 1} of ${origin} is too short; take at least ${MIN_LENGTH} characters.`,
        );
      }
      guard.#known = known.map(({ token, role }) => ({ digest: digest(token), role }));
    };
    take(TOKENS_VARIABLE, fixed ?? []);
    if (file !== '') {
      let isFirst = true;
      const accept = ([content]: readonly Buffer[]): void => {
        const listed = tokensOf(content.toString('utf8'));
        if (listed.length === 0 && isFirst)
          throw new SecretFileError(file, `${file} holds no token; write one a line.`);
        take(file, [...listed, ...(fixed ?? [])]);
        // A file that is emptied later revokes what it held.
        if (listed.length === 0)
          watch.warn(new SecretFileError(file, `${file} holds no token any more; it lets no call in.`));
        isFirst = false;
      };
      guard.#stop = await watchFiles([file], accept, watch);
    }
    return guard;
  }

  /**
   * What the bearer of a call's token may do; `undefined` for a token that is not known. How long it takes depends on
   * neither which it is nor how near it came.
   * @param authorization the header of that name
   */
  roleOf(authorization: string | undefined): Role | undefined {
    const token = BEARER.exec(authorization ?? '')?.[1];
    if (token === undefined) return undefined;
    const presented = digest(token);
    let found: Role | undefined;
    for (const { digest: known, role } of this.#known) {
      if (timingSafeEqual(known, presented) && (found === undefined || covers(role, found))) found = role;
    }
    return found;
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

function splitRole(line: string): { readonly token: string; readonly role: Role } {
  const role = roles.slice(1).find((name) => line.startsWith(`${name}:`));
  return role === undefined ? { token: line, role: 'read' } : { token: line.slice(role.length + 1), role };
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
