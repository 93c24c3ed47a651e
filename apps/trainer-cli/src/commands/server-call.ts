import { readTextFile } from '@vector-recall/core-config';
import { UsageError } from '@vector-recall/command-line';
import type { RecallClientOptions } from '@vector-recall/recall-grpc';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Invocation } from './command';

/** The environment variable that may hold the token. */
const TOKEN_VARIABLE = 'VECTOR_RECALL_TOKEN';
const MOST_TOKEN_BYTES = 64 * 1024;

const serverFlags = z.object({
  target: z.string().min(1),
  deadline: z.string(),
  tls: z.boolean().optional(),
  tlsCa: z.string().optional(),
  tlsCert: z.string().optional(),
  tlsKey: z.string().optional(),
  tokenFile: z.string().optional(),
});

/** A server, and how to call it. */
export interface ServerCall {
  readonly target: string;
  readonly options: RecallClientOptions;
}

/** Declares the flags of commands that call a running server. */
export function declareServerFlags(
  command: Command,
  defaults: { readonly target: string; readonly deadlineMs: number },
): void {
  command
    .option('--target <host:port>', 'the server', defaults.target)
    .option('--deadline <ms>', 'time limit of a call, in milliseconds', String(defaults.deadlineMs))
    .option('--tls', 'encrypt, and trust the authorities that Node knows')
    .option('--tls-ca <file>', 'encrypt, and trust the authorities in this PEM file')
    .option('--tls-cert <file>', 'client certificate for mutual TLS')
    .option('--tls-key <file>', 'its private key')
    .option('--token-file <file>', `file with the bearer token (default: the value of ${TOKEN_VARIABLE})`);
}

/** @throws UsageError, FileError, FileContentError */
export function serverCallOf({ own, env }: Pick<Invocation, 'own' | 'env'>): ServerCall {
  const { target, deadline, tls, tlsCa, tlsCert, tlsKey, tokenFile } = serverFlags.parse(own);
  const usesTls = tls === true || tlsCa !== undefined || tlsCert !== undefined;
  return {
    target,
    options: {
      deadlineMs: parseDeadline(deadline),
      tls: usesTls ? { ca: tlsCa, cert: tlsCert, key: tlsKey } : undefined,
      token: tokenFile === undefined ? env[TOKEN_VARIABLE] : readToken(tokenFile),
    },
  };
}

function parseDeadline(text: string): number {
  const ms = Number(text);
  if (Number.isInteger(ms) && ms >= 1 && ms <= 3_600_000) return ms;
  throw new UsageError(`--deadline is "${text}", but it must be a whole number of milliseconds, 1 to 3600000.`);
}

function readToken(file: string): string {
  const token = readTextFile(file, 'The token file', MOST_TOKEN_BYTES).trim();
  if (token !== '') return token;
  throw new UsageError(`The token file ${file} is empty; write one token into it.`);
}
