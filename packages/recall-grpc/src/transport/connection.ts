import { constants, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { ConnectionShare } from './receive-budget';

export interface ConnectionLimits {
  /** A connection without calls is closed after this long; 0 keeps it. */
  readonly idleMs: number;
  /** The time that a request has to arrive, a response to be taken, and a connection to open or to end. */
  readonly transferMs: number;
}

/** What is under way on a connection. */
export interface OpenCall {
  /**
   * Ends a call whose caller takes too long to send its request or to take its response.
   * @param now in milliseconds of `performance.now()`
   */
  checkTransfer(now: number, transferMs: number): void;
}

/** After so long without a byte, a connection is asked for a sign of life. */
const QUIET_MS = 500;

/** A question that has not even left after this long never will: there is no call whose response it could wait behind. */
const PROBE_MS = 1000;

/** One HTTP/2 connection, and what is under way on it. Times are in milliseconds of `performance.now()`. */
export class Connection implements ConnectionShare {
  receivingBytes = 0;
  /** By place. Not a Set, which leaves its table behind whenever it grows or shrinks. */
  readonly #calls: (OpenCall | undefined)[] = [];
  readonly #freePlaces: number[] = [];
  #otherStreams = 0;
  #hasSettings = false;
  #idleSince = performance.now();
  #isLeaving = false;
  #closedAt?: number;
  #bytesRead = 0;
  #quietSince = performance.now();
  #probedAt?: number;

  constructor(
    private readonly session: ServerHttp2Session,
    private readonly socket: Socket,
  ) {
    session.once('remoteSettings', () => {
      this.#hasSettings = true;
    });
    session.once('close', () => {
      this.#closedAt = performance.now();
    });
    // What is wrong with a session also closes it.
    session.on('error', () => undefined);
  }

  /** Whether nothing is left of it. */
  get hasEnded(): boolean {
    return this.session.destroyed && this.socket.destroyed;
  }

  /** @returns the place of the call, to be named when it has closed */
  opened(call: OpenCall): number {
    const place = this.#freePlaces.pop() ?? this.#calls.length;
    this.#calls[place] = call;
    return place;
  }

  closed(place: number): void {
    this.#calls[place] = undefined;
    this.#freePlaces.push(place);
    this.#idleSince = performance.now();
  }

  /** Counts a stream that is grpc-js's to answer. */
  watch(stream: ServerHttp2Stream): void {
    this.#otherStreams++;
    stream.once('close', () => {
      this.#otherStreams--;
      this.#idleSince = performance.now();
    });
  }

  /** Ends what takes too long on it, and the connection itself where it is idle or broken. */
  check(now: number, limits: ConnectionLimits): void {
    if (this.session.destroyed) {
      // The caller may keep its side of the socket open.
      if (now - (this.#closedAt ?? now) >= limits.transferMs) this.socket.destroy();
      return;
    }
    for (const call of this.#calls) call?.checkTransfer(now, limits.transferMs);
    if (!this.#hasSettings && now - this.#idleSince >= limits.transferMs) this.destroy();
    else if (this.#isBroken(now, limits)) this.destroy();
    else if (limits.idleMs > 0 && this.#streams === 0 && now - this.#idleSince >= limits.idleMs) this.#leave();
  }

  destroy(): void {
    this.session.destroy();
    this.socket.destroy();
  }

  get #streams(): number {
    return this.#calls.length - this.#freePlaces.length + this.#otherStreams;
  }

  /** Asks the caller to connect anew for further calls, and ends the connection at the next check. */
  #leave(): void {
    if (this.#isLeaving) this.destroy();
    else this.session.goaway(constants.NGHTTP2_NO_ERROR);
    this.#isLeaving = true;
  }

  /**
   * After an error of the protocol, Node's HTTP/2 says goodbye and then neither reads nor writes nor tells anybody, also
   * when the caller has hung up. What can be seen is that a ping stays in its queue.
   */
  #isBroken(now: number, { transferMs }: ConnectionLimits): boolean {
    if (this.socket.bytesRead !== this.#bytesRead) {
      this.#bytesRead = this.socket.bytesRead;
      this.#quietSince = now;
      this.#probedAt = undefined;
      return false;
    }
    if (this.#probedAt === undefined) {
      if (now - this.#quietSince >= QUIET_MS) this.#probe(now);
      return false;
    }
    // With calls open, the ping may wait behind a response that the caller has yet to take.
    const patienceMs = this.#streams === 0 ? PROBE_MS : transferMs;
    return now - this.#probedAt >= patienceMs && (this.session.state.outboundQueueSize ?? 0) > 0;
  }

  #probe(now: number): void {
    this.#probedAt = now;
    this.session.ping(() => {
      // The answer is no news to be asked about again.
      this.#bytesRead = this.socket.bytesRead;
    });
  }
}
