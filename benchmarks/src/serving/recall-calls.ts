import { writeFileSync } from 'node:fs';
import { credentials, type ServiceError } from '@grpc/grpc-js';
import { openArtifact, readCatalogue, type IdColumn } from '@vector-recall/model-store';
import { RandomStream } from '@vector-recall/random';
import { BatchRecallRequest, RecallRequest, RecallServiceClient } from '@vector-recall/recall-grpc';

/** Makes requests for users of an artifact, drawn at random with a fixed seed. */
export class RequestMaker {
  readonly #random = new RandomStream(1, 'serving benchmark');

  private constructor(
    private readonly users: IdColumn,
    readonly itemCount: number,
    private readonly topK: number,
    private readonly efSearch?: number,
  ) {}

  /**
   * @param path a store, or the folder of one version
   * @param efSearch candidates a search expands; the artifact's own where it is left out
   */
  static async open(path: string, topK: number, efSearch?: number): Promise<RequestMaker> {
    const { userIds, itemIds } = await readCatalogue(await openArtifact(path));
    return new RequestMaker(userIds, itemIds.size, topK, efSearch);
  }

  recall(): RecallRequest {
    const id = this.users.idAt(this.#random.integer(this.users.size));
    const user = typeof id === 'number' ? { integerUserId: id } : { stringUserId: id };
    return RecallRequest.fromPartial({ ...user, topK: this.topK, efSearch: this.efSearch, excludeSeen: true });
  }

  batch(users: number): BatchRecallRequest {
    return BatchRecallRequest.fromPartial({ requests: Array.from({ length: users }, () => this.recall()) });
  }

  /** Writes a request as h2load sends it. */
  writeFrame(file: string, message: Uint8Array = RecallRequest.encode(this.recall()).finish()): void {
    writeFrame(file, message);
  }
}

/** A message as it is sent: one byte for no compression, the length in four, the message. */
export function frameOf(message: Uint8Array): Buffer {
  const frame = Buffer.alloc(5 + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, 5);
  return frame;
}

/** Writes a message as h2load sends it. */
export function writeFrame(file: string, message: Uint8Array): void {
  writeFileSync(file, frameOf(message));
}

/** How a call has ended. */
export interface CallOutcome {
  /** 0 is OK. */
  readonly code: number;
  readonly milliseconds: number;
  readonly version?: string;
}

/** Calls of grpc-js over a few connections of their own, as several client processes would have. */
export class NodeCaller {
  readonly #clients: readonly RecallServiceClient[];
  #turn = 0;

  constructor(target: string, connections: number) {
    // Clients with the same options would share one connection.
    const options = { 'grpc.use_local_subchannel_pool': 1, 'grpc.max_receive_message_length': -1 };
    this.#clients = Array.from(
      { length: connections },
      () => new RecallServiceClient(target, credentials.createInsecure(), options),
    );
  }

  recall(request: RecallRequest, since = performance.now()): Promise<CallOutcome> {
    return new Promise((resolve) => {
      this.#client().recall(request, (error, response) => {
        resolve({ ...outcome(error, since), version: error === null ? response.modelVersion : undefined });
      });
    });
  }

  batchRecall(request: BatchRecallRequest): Promise<CallOutcome> {
    const since = performance.now();
    return new Promise((resolve) => {
      this.#client().batchRecall(request, (error) => {
        resolve(outcome(error, since));
      });
    });
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }

  #client(): RecallServiceClient {
    this.#turn = (this.#turn + 1) % this.#clients.length;
    return this.#clients[this.#turn];
  }
}

function outcome(error: ServiceError | null, since: number): CallOutcome {
  return { code: error?.code ?? 0, milliseconds: performance.now() - since };
}
