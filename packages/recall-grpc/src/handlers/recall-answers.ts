import type { RecallRequest as ServiceRequest, ServiceInfo } from '@vector-recall/recall-service';
import { ModelNotLoadedError } from '../errors';
import {
  GetModelInfoRequest,
  GetModelInfoResponse,
  IdKind,
  Input,
  RecallRequest,
  SimilarItemsRequest,
  Space,
} from '../gen/recall/v1/recall';
import type { ServerMetrics } from '../observe/metrics';
import type { Answer, Call } from '../server/call-path';
import type { ModelSource, ServedModel } from '../server/model-source';
import { statusOf, type CallStatus } from '../server/status';
import { decodeMessage, splitBatch } from '../wire/decode';
import type { WireLimits } from '../wire/limits';
import { checkBatchSize, toRecallRequest, toSimilarItemsRequest } from '../wire/requests';
import { encodeBatchRecallResponse, encodeRecallResponse, encodeSimilarItemsResponse } from '../wire/responses';

export interface RecallAnswersOptions {
  readonly models: ModelSource;
  readonly limits: WireLimits;
  readonly metrics: Pick<ServerMetrics, 'observeStages' | 'observeBatch'>;
}

type MethodName = 'recall' | 'batchRecall' | 'similarItems' | 'getModelInfo';

/** How each method of `RecallService` is answered. */
export function recallAnswers({ models, limits, metrics }: RecallAnswersOptions): Readonly<Record<MethodName, Answer>> {
  const withModel =
    (answer: (model: ServedModel, bytes: Buffer, call: Call) => Promise<Buffer>): Answer =>
    async (bytes, call) => {
      const lease = models.acquire();
      if (lease === undefined) throw new ModelNotLoadedError();
      try {
        return await answer(lease.service, bytes, call);
      } finally {
        lease.release();
      }
    };

  return {
    recall: withModel(async (model, bytes, { signal }) => {
      const message = decodeMessage('RecallRequest', RecallRequest, bytes);
      const info = model.info();
      const result = await model.recall(toRecallRequest(message, info, limits), { signal });
      metrics.observeStages(result.timings);
      return encodeRecallResponse(result, info.version);
    }),

    batchRecall: withModel(async (model, bytes, { signal, countUsers }) => {
      const messages = splitBatch(bytes);
      checkBatchSize(messages.length, limits);
      metrics.observeBatch(messages.length);
      countUsers(messages.length);
      const info = model.info();
      const entries = messages.map((entry) => readEntry(entry, info, limits));
      const good = entries.filter((entry) => 'topK' in entry);
      const results = good.length > 0 ? await model.recallEach(good, { signal }) : [];
      const timed = results.find((result) => 'timings' in result);
      // Each result of a batch bears the timings of the whole.
      if (timed !== undefined) metrics.observeStages(timed.timings);
      let next = 0;
      const outcomes = entries.map((entry) => {
        const outcome = 'topK' in entry ? results[next++] : entry;
        return outcome instanceof Error ? statusOf(outcome) : outcome;
      });
      return encodeBatchRecallResponse(outcomes, info.version);
    }),

    similarItems: withModel(async (model, bytes, { signal }) => {
      const message = decodeMessage('SimilarItemsRequest', SimilarItemsRequest, bytes);
      const info = model.info();
      const result = await model.similarItems(toSimilarItemsRequest(message, info, limits), { signal });
      metrics.observeStages(result.timings);
      return encodeSimilarItemsResponse(result, info.version);
    }),

    getModelInfo: withModel((model, bytes) => {
      decodeMessage('GetModelInfoRequest', GetModelInfoRequest, bytes);
      return Promise.resolve(encodeModelInfo(model.info(), limits));
    }),
  };
}

/** One entry of a batch: a request, or what is wrong with it. */
function readEntry(bytes: Uint8Array, info: ServiceInfo, limits: WireLimits): ServiceRequest | CallStatus {
  try {
    return toRecallRequest(decodeMessage('RecallRequest', RecallRequest, bytes), info, limits);
  } catch (error) {
    return statusOf(error);
  }
}

const inputs = {
  userId: Input.INPUT_USER,
  history: Input.INPUT_HISTORY,
  features: Input.INPUT_FEATURES,
  queryVector: Input.INPUT_QUERY_VECTOR,
} as const;

const spaces = { cosine: Space.SPACE_COSINE, ip: Space.SPACE_INNER_PRODUCT, l2: Space.SPACE_L2 } as const;

const kinds = { integer: IdKind.ID_KIND_INTEGER, string: IdKind.ID_KIND_STRING } as const;

function encodeModelInfo(info: ServiceInfo, { maxTopK, maxBatch, maxEfSearch }: WireLimits): Buffer {
  const response = GetModelInfoResponse.fromPartial({
    modelVersion: info.version,
    userIdKind: kinds[info.userIdKind],
    itemIdKind: kinds[info.itemIdKind],
    userCount: info.userCount,
    itemCount: info.itemCount,
    dimension: info.dim,
    userFeatureNames: [...info.userFeatureNames],
    historyLength: info.historyLength,
    defaultEfSearch: info.defaultEfSearch,
    maxTopK,
    maxBatchSize: maxBatch,
    maxEfSearch,
    inputs: info.inputs.map((input) => inputs[input]),
    space: spaces[info.space],
  });
  return Buffer.from(GetModelInfoResponse.encode(response).finish());
}
