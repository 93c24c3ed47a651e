import { ConfigError } from '@vector-recall/core-config';

/** Where a stream of changes is. */
export interface StreamAddress {
  /** `host:port` of each broker that may be asked. */
  readonly servers: readonly string[];
  readonly stream: string;
  /** Brokers that keep the stream, if it has to be made. */
  readonly replicas: number;
  readonly user?: string;
  readonly password?: string;
}

const SHAPE = /^nats:\/\/(?:([^@/]*)@)?([^@/?]+)\/([^/?]+)(?:\?(.*))?$/;
const SERVER = /^(?:[\w.-]+|\[[\da-f:]+\])(?::\d{1,5})?$/i;
const NAME = /^[\w-]{1,200}$/;

/**
 * Reads `nats://[user:password@]host[:port][,host[:port]…]/STREAM[?replicas=3]`.
 * @throws ConfigError, which does not quote the text: it may hold a password
 */
export function parseStreamAddress(text: string): StreamAddress {
  const parts: readonly (string | undefined)[] = SHAPE.exec(text) ?? [];
  const [, login, hosts, stream, query] = parts;
  const servers = hosts?.split(',');
  if (servers?.every((server) => SERVER.test(server)) !== true || stream === undefined || !NAME.test(stream)) {
    throw refusal('must be of the form nats://host:port/STREAM, with more hosts behind commas');
  }
  const replicas = parseReplicas(query);
  return { servers, stream, replicas, ...(login === undefined ? {} : parseLogin(login)) };
}

function parseLogin(login: string): Required<Pick<StreamAddress, 'user' | 'password'>> {
  const colon = login.indexOf(':');
  if (colon < 1 || colon !== login.lastIndexOf(':')) {
    throw refusal('must have both name and password before the @, with special characters as %XX');
  }
  return { user: decode(login.slice(0, colon)), password: decode(login.slice(colon + 1)) };
}

function parseReplicas(query: string | undefined): number {
  const parameters = [...new URLSearchParams(query)];
  const isRight = parameters.every(([name, value]) => name === 'replicas' && /^[1-5]$/.test(value));
  if (!isRight || parameters.length > 1) throw refusal('takes one parameter, replicas, from 1 to 5, as in ?replicas=3');
  return Number(parameters.at(0)?.[1] ?? 1);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refusal('has a % in its name or password that begins no character; write %25 for it');
  }
}

function refusal(problem: string): ConfigError {
  return new ConfigError('server.changes', `--changes ${problem}.`);
}
