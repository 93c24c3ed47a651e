import { readFileSync } from 'node:fs';
import { UsageError } from '@vector-recall/command-line';
import type { RecallAnswer, RecallClientOptions } from '@vector-recall/recall-grpc';
import type { ReportSection } from '@vector-recall/report';
import { z } from 'zod';
import { TokenFileError } from '../errors';
import type { CommandDefinition } from './command';
import { parseTopK } from './flag-values';
import { parseVector } from './vector-flag';

const ownFlags = z.object({
  target: z.string().min(1),
  user: z.string().optional(),
  history: z.string().optional(),
  vector: z.string().optional(),
  topK: z.string(),
  includeSeen: z.boolean().optional(),
  deadline: z.string(),
  tls: z.boolean().optional(),
  tlsCa: z.string().optional(),
  tlsCert: z.string().optional(),
  tlsKey: z.string().optional(),
  tokenFile: z.string().optional(),
});

type OwnFlags = z.output<typeof ownFlags>;

/** The environment variable that may hold the token. */
const TOKEN_VARIABLE = 'VECTOR_RECALL_TOKEN';

function parseDeadline(text: string): number {
  const ms = Number(text);
  if (Number.isInteger(ms) && ms >= 1 && ms <= 3_600_000) return ms;
  throw new UsageError(`--deadline is "${text}", but it must be a whole number of milliseconds, 1 to 3600000.`);
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new TokenFileError(file, { cause });
  }
}

function clientOptions(own: OwnFlags, env: Readonly<Record<string, string | undefined>>): RecallClientOptions {
  const usesTls = own.tls === true || own.tlsCa !== undefined || own.tlsCert !== undefined;
  return {
    deadlineMs: parseDeadline(own.deadline),
    tls: usesTls ? { ca: own.tlsCa, cert: own.tlsCert, key: own.tlsKey } : undefined,
    token: own.tokenFile === undefined ? env[TOKEN_VARIABLE] : readToken(own.tokenFile),
  };
}

/** Text is all that a command line has: the model says whether it stands for an integer. */
function toId(flag: string, text: string, kind: 'integer' | 'string'): number | string {
  if (kind === 'string') return text;
  const id = Number(text);
  if (Number.isSafeInteger(id) && text.trim() !== '') return id;
  throw new UsageError(`${flag} is "${text}", but the ids of this model are integers.`);
}

function answerSection(target: string, user: string | undefined, answer: RecallAnswer): ReportSection {
  const { itemIds, scores, modelVersion, source, timings, unknownHistoryItems } = answer;
  const inMs = (micros: number): string => `${(micros / 1000).toFixed(2)} ms`;
  return {
    id: 'query',
    title: 'Candidates',
    facts: [
      ['server', target],
      ['version', modelVersion],
      ...(source === 'vector' ? [] : [['user', user ?? 'none'] as const]),
      ['source', source],
      ['encode', inMs(timings.encodeMicros)],
      ['search', inMs(timings.searchMicros)],
      ['total', inMs(timings.totalMicros)],
    ],
    tables: [
      {
        caption: '',
        columns: [
          { title: '#', align: 'right' },
          { title: 'score', align: 'right' },
          { title: 'id', align: 'left' },
        ],
        rows: itemIds.map((id, rank) => [String(rank + 1), scores[rank]?.toFixed(4) ?? '', String(id)]),
      },
    ],
    notes: unknownHistoryItems > 0 ? [`Items of --history that are not in the catalogue: ${unknownHistoryItems}.`] : [],
  };
}

export const queryCommand: CommandDefinition = {
  name: 'query',
  summary: 'ask a running recall server for the candidates of one user, or for the nearest items of a vector',
  accepts: () => false,
  usesStoredConfig: false,
  declare: (command) => {
    command
      .option('--target <host:port>', 'the server', 'localhost:50051')
      .option('--user <id>', 'the user, as the log names them')
      .option('--history <ids>', 'item ids with commas, oldest first, in place of the stored history')
      .option('--vector <values>', 'numbers with commas, or @FILE.npy, to search by in place of a user')
      .option('--top-k <n>', 'how many candidates', '20')
      .option('--include-seen', 'keep what the user already has')
      .option('--deadline <ms>', 'time that the call has, in milliseconds', '5000')
      .option('--tls', 'encrypt, and trust the authorities that Node knows')
      .option('--tls-ca <file>', 'encrypt, and trust the authorities in this PEM file')
      .option('--tls-cert <file>', 'client certificate for mutual TLS')
      .option('--tls-key <file>', 'its private key')
      .option('--token-file <file>', `file with the bearer token (default: what ${TOKEN_VARIABLE} holds)`);
  },
  run: async ({ own: given, env, signal }) => {
    const own = ownFlags.parse(given);
    const { target, user } = own;
    const isOfUser = user !== undefined || own.history !== undefined;
    if (isOfUser === (own.vector !== undefined))
      throw new UsageError('query needs --user ID or --history ID,ID, or else --vector.');
    const queryVector = own.vector === undefined ? undefined : await parseVector(own.vector);
    const topK = parseTopK(own.topK);
    const options = clientOptions(own, env);
    const { RecallClient } = await import('@vector-recall/recall-grpc');
    const client = new RecallClient(target, options);
    try {
      const { userIdKind, itemIdKind } = await client.modelInfo({ signal });
      const answer = await client.recall(
        {
          userId: user === undefined ? undefined : toId('--user', user, userIdKind),
          history: own.history?.split(',').map((id) => toId('--history', id.trim(), itemIdKind)),
          queryVector,
          topK,
          excludeSeen: own.includeSeen !== true,
        },
        { signal },
      );
      return { json: { ...answer, scores: [...answer.scores] }, sections: [answerSection(target, user, answer)] };
    } finally {
      client.close();
    }
  },
};
