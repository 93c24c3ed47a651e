import {
  jetstream,
  JetStreamApiCodes,
  JetStreamApiError,
  jetstreamManager,
  type ConsumerNotification,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
  type StreamInfo,
} from '@nats-io/jetstream';
import { connect, errors, headers, type NatsConnection } from '@nats-io/transport-node';
import type { NewChange } from '@vector-recall/live-index';
import type { StreamAddress } from './address';
import { ChangeStreamError } from './errors';
import { gathered } from './gathered';
import { FORMAT_HEADER, MESSAGE_FORMAT, unpackMessage } from './message';
import type { StreamFacts } from './offset';

/** A message of the stream. */
export interface StreamMessage {
  /** Its place in the stream, from 1. */
  readonly position: number;
  /** What it was published with; empty where it has none. */
  readonly id: string;
  /** `undefined` where it holds no changes. */
  readonly changes: readonly NewChange[] | undefined;
  /** Place of the newest message of the stream when this one was sent. */
  readonly last: number;
}

/** Longest wait for an answer of a broker. */
const ANSWER_MS = 2000;
/** What brokers take besides the changes of a message: its headers. */
const HEADER_BYTES = 1024;
/** Messages that are asked for ahead, and that are taken up together. */
const AHEAD = 512;
/** How often a broker shows that it still has nothing to send; after two that are missing it is asked anew. */
const BEAT_MS = 1000;

/** What the client tells when messages may not come any more. */
const ends: ReadonlySet<ConsumerNotification['type']> = new Set([
  'heartbeats_missed',
  'consumer_deleted',
  'consumer_not_found',
  'stream_not_found',
  'no_responders',
  'exceeded_limits',
  'reset',
]);

/** One connection to a broker. It ends with the connection, or when messages stop: then another one is to be opened. */
export class BrokerSession {
  private constructor(
    private readonly connection: NatsConnection,
    private readonly client: JetStreamClient,
    private readonly manager: JetStreamManager,
    readonly stream: StreamFacts,
  ) {}

  /**
   * Connects to one of the brokers.
   * @param makes whether a stream that is missing is made
   * @throws ChangeStreamError; errors of the client where no broker answers
   */
  static async open(
    { servers, stream, replicas, user, password }: StreamAddress,
    { makes }: { readonly makes: boolean },
  ): Promise<BrokerSession> {
    const connection = await connect({
      servers: [...servers],
      name: 'vector-recall-server',
      user,
      pass: password,
      // Whoever opens sessions opens the next one.
      reconnect: false,
      timeout: ANSWER_MS,
      pingInterval: BEAT_MS,
      maxPingOut: 3,
    }).catch((cause: unknown) => {
      if (!(cause instanceof errors.AuthorizationError)) throw cause;
      const message = 'The brokers of --changes refuse the name or password in it; correct them.';
      throw new ChangeStreamError(stream, 'access', message, { cause });
    });
    try {
      const client = jetstream(connection, { timeout: ANSWER_MS });
      const manager = await jetstreamManager(connection, { timeout: ANSWER_MS });
      const info = (await find(manager, stream)) ?? (makes ? await make(manager, stream, replicas) : missing(stream));
      return new BrokerSession(connection, client, manager, factsOf(info));
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  /** `host:port` of the broker. */
  get server(): string {
    return this.connection.getServer();
  }

  /** Most bytes of changes in one message. */
  get maxBytes(): number {
    return (this.connection.info?.max_payload ?? 1024 * 1024) - HEADER_BYTES;
  }

  /** Place of the newest message in the stream. */
  async last(): Promise<number> {
    return (await this.manager.streams.info(this.stream.name)).state.last_seq;
  }

  /**
   * Resolves when the brokers have the message.
   * @param id by which they know a message that is sent again, for two minutes
   */
  async publish(id: string, bytes: Uint8Array): Promise<void> {
    const format = headers();
    format.set(FORMAT_HEADER, String(MESSAGE_FORMAT));
    const { subject, name } = this.stream;
    await this.client.publish(subject, bytes, {
      msgID: id,
      headers: format,
      expect: { streamName: name },
      timeout: ANSWER_MS,
    });
  }

  /**
   * The messages behind a place, in order, in lists of what has come; ends when messages may not come any more.
   * @throws ChangeStreamError at a message of a later release
   */
  async *messages(position: number): AsyncGenerator<StreamMessage[]> {
    const { name } = this.stream;
    const consumer = await this.client.consumers.get(name, {
      opt_start_seq: position + 1,
      inactive_threshold: 10 * BEAT_MS,
    });
    const arriving = await consumer.consume({ max_messages: AHEAD, expires: 5 * BEAT_MS, idle_heartbeat: BEAT_MS });
    const watch = async (): Promise<void> => {
      for await (const { type } of arriving.status()) if (ends.has(type)) arriving.stop();
    };
    void watch();
    for await (const list of gathered(arriving, AHEAD)) {
      const newer = list.findIndex((message) => formatOf(message) > MESSAGE_FORMAT);
      yield (newer === -1 ? list : list.slice(0, newer)).map(read);
      if (newer !== -1) throw newerMessage(name, list[newer]);
    }
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}

/** @returns 0 where it has none */
function formatOf({ headers: given }: JsMsg): number {
  return Number(given?.get(FORMAT_HEADER) ?? 0);
}

function read(message: JsMsg): StreamMessage {
  const { seq: position, data, headers: given, info } = message;
  const changes = formatOf(message) === MESSAGE_FORMAT ? unpackMessage(data) : undefined;
  return { position, id: given?.get('Nats-Msg-Id') ?? '', changes, last: position + info.pending };
}

function newerMessage(stream: string, message: JsMsg): ChangeStreamError {
  const format = `Message ${message.seq} of the stream ${stream} is of format ${formatOf(message)}`;
  const advice = 'update this server to the release that wrote it';
  return new ChangeStreamError(stream, 'newer', `${format}, but this release reads ${MESSAGE_FORMAT}; ${advice}.`);
}

/** @returns `undefined` where the brokers have no such stream */
async function find(manager: JetStreamManager, name: string): Promise<StreamInfo | undefined> {
  try {
    return await manager.streams.info(name);
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound) return undefined;
    throw error;
  }
}

/** Several servers may do this at once: the same settings twice are no conflict. */
async function make(manager: JetStreamManager, name: string, replicas: number): Promise<StreamInfo> {
  return manager.streams.add({
    name,
    subjects: [`vector-recall.${name}`],
    num_replicas: replicas,
    // A full stream refuses changes; it does not forget the oldest.
    discard: 'new',
    description: 'Changes of items and users that recall servers follow',
  });
}

function missing(name: string): never {
  const problem = `The brokers have no stream ${name}, which this server has followed`;
  const advice = 'restore it, name the right brokers, or give an empty folder of --live to begin a new one';
  throw new ChangeStreamError(name, 'missing', `${problem}; ${advice}.`);
}

/** @throws ChangeStreamError for a stream whose settings lose or hide changes */
function factsOf({ config, created, state }: StreamInfo): StreamFacts {
  const { name, subjects, retention } = config;
  const [subject] = subjects;
  const problem =
    retention !== 'limits'
      ? `forgets messages that were read (retention ${retention})`
      : subjects.length !== 1 || /[*>]/.test(subject)
        ? `takes several subjects (${subjects.join(', ')})`
        : undefined;
  if (problem !== undefined) {
    const advice = 'name another one; one that does not exist yet is made as it has to be';
    throw new ChangeStreamError(name, 'unfit', `The stream ${name} ${problem}, so it can't carry changes; ${advice}.`);
  }
  return { name, id: `${name} of ${created}`, subject, first: state.first_seq, last: state.last_seq };
}
