import type {
  RecallRequest,
  RecallRequestError,
  RecallResult,
  ScoredItems,
  ServiceInfo,
  SimilarItemsRequest,
} from '@vector-recall/recall-service';
import { mapYielding } from '@vector-recall/threads';
import { requestBytes, type WireLimits } from '../contract/limits';
import type { ModelSource, ServedModel } from '../contract/model-source';
import { statusOf, type CallStatus } from '../contract/status';
import { ModelNotLoadedError } from '../errors';
import {
  AttributeKind,
  GetModelInfoRequest,
  GetModelInfoResponse,
  IdKind,
  Input,
  Space,
} from '../gen/recall/v1/recall';
import type { ServerMetrics } from '../observe/metrics';
import type { ServedAnswer } from '../observe/served-log/served-answer';
import type { AnswerSink } from '../observe/served-log/served-log';
import type { Method } from '../pipeline/call';
import { describeMethods } from './describe-methods';
import { encodeMethods } from './encode-methods';
import { decodeGenerated } from '../wire/decode-generated';
import { readRecallRequest, readSimilarItemsRequest, splitBatch } from '../wire/read-requests';
import { encodeBatchRecallResponse, encodeRecallResponse, encodeSimilarItemsResponse } from '../wire/responses';

export interface RecallMethodsOptions {
  readonly models: ModelSource;
  readonly limits: WireLimits;
  readonly metrics: Pick<ServerMetrics, 'observeStages' | 'observeBatch'>;
  /** Is told of every answer; absent where none are logged. */
  readonly served?: AnswerSink;
}

/** What a model has answered, and which one it was. */
export interface Answered<Result> {
  readonly result: Result;
  readonly version: string;
}

/** How each method of `RecallService` is served. */
export function recallMethods({ models, limits, metrics, served }: RecallMethodsOptions): readonly Method[] {
  const bytesOf = requestBytes(limits);
  /** Answers with the model in use, which is held until then. */
  const withModel = async <Result>(answer: (model: ServedModel) => Promise<Result>): Promise<Answered<Result>> => {
    const lease = models.acquire();
    if (lease === undefined) throw new ModelNotLoadedError();
    try {
      const { version } = lease.service.info();
      return { result: await answer(lease.service), version };
    } finally {
      lease.release();
    }
  };

  const recall: Method<RecallRequest, Answered<RecallResult>> = {
    name: 'Recall',
    maxRequestBytes: bytesOf.recall,
    decode: (bytes) => readRecallRequest(bytes, limits),
    answer: (request, { signal, givenId }) =>
      withModel(async (model) => {
        const result = await model.recall(request, { signal });
        metrics.observeStages(result.timings);
        served?.note({ method: 'Recall', request, result, ...headOf(model, givenId() ?? served.requestId()) });
        return result;
      }),
    encode: ({ result, version }) => encodeRecallResponse(result, version),
  };

  const batchRecall: Method<readonly Buffer[], Answered<readonly (RecallResult | CallStatus)[]>> = {
    name: 'BatchRecall',
    maxRequestBytes: bytesOf.batchRecall,
    decode: (bytes) => splitBatch(bytes, limits),
    answer: (messages, { signal, countUsers, givenId }) =>
      withModel(async (model) => {
        metrics.observeBatch(messages.length);
        countUsers(messages.length);
        const entries = await mapYielding(messages, (message) => readEntry(message, limits));
        const good = entries.filter((entry) => 'topK' in entry);
        const results = good.length > 0 ? await model.recallEach(good, { signal }) : [];
        const timed = results.find((result) => 'timings' in result);
        // Each result of a batch bears the timings of the whole.
        if (timed !== undefined) metrics.observeStages(timed.timings);
        let next = 0;
        const id = served && (givenId() ?? served.requestId());
        return entries.map((entry, place) => {
          if (!('topK' in entry)) return outcomeOf(entry);
          const result = results[next++];
          if ('scores' in result) {
            served?.note({ method: 'BatchRecall', request: entry, result, ...headOf(model, `${id}/${place}`) });
          }
          return outcomeOf(result);
        });
      }),
    encode: ({ result, version }) => encodeBatchRecallResponse(result, version),
  };

  const similarItems: Method<SimilarItemsRequest, Answered<ScoredItems>> = {
    name: 'SimilarItems',
    maxRequestBytes: bytesOf.similarItems,
    decode: (bytes) => readSimilarItemsRequest(bytes, limits),
    answer: (request, { signal, givenId }) =>
      withModel(async (model) => {
        const result = await model.similarItems(request, { signal });
        metrics.observeStages(result.timings);
        served?.note({ method: 'SimilarItems', request, result, ...headOf(model, givenId() ?? served.requestId()) });
        return result;
      }),
    encode: ({ result, version }) => encodeSimilarItemsResponse(result, version),
  };

  const getModelInfo: Method<GetModelInfoRequest, Answered<ServiceInfo>> = {
    name: 'GetModelInfo',
    maxRequestBytes: bytesOf.getModelInfo,
    decode: (bytes) => decodeGenerated('GetModelInfoRequest', GetModelInfoRequest, bytes),
    answer: () => withModel((model) => Promise.resolve(model.info())),
    encode: ({ result }) => encodeModelInfo(result, limits),
  };

  return [
    recall,
    batchRecall,
    similarItems,
    getModelInfo,
    ...encodeMethods(limits, withModel),
    ...describeMethods(limits, withModel),
  ];
}

/** What the log of answers has of every one. */
function headOf(
  model: ServedModel,
  requestId: string,
): Pick<ServedAnswer, 'requestId' | 'at' | 'version' | 'contextNames'> {
  const { version, contextNames } = model.info();
  return { requestId, at: Date.now(), version, contextNames };
}

/** One entry of a batch: a request, or what is wrong with its bytes. */
function readEntry(bytes: Buffer, limits: WireLimits): RecallRequest | CallStatus {
  try {
    return readRecallRequest(bytes, limits);
  } catch (error) {
    return statusOf(error);
  }
}

function outcomeOf(outcome: RecallResult | RecallRequestError | CallStatus): RecallResult | CallStatus {
  return outcome instanceof Error ? statusOf(outcome) : outcome;
}

const inputs = {
  userId: Input.INPUT_USER,
  history: Input.INPUT_HISTORY,
  features: Input.INPUT_FEATURES,
  queryVector: Input.INPUT_QUERY_VECTOR,
} as const;

const spaces = { cosine: Space.SPACE_COSINE, ip: Space.SPACE_INNER_PRODUCT, l2: Space.SPACE_L2 } as const;

const attributeKinds = {
  labels: AttributeKind.ATTRIBUTE_KIND_LABELS,
  number: AttributeKind.ATTRIBUTE_KIND_NUMBER,
  date: AttributeKind.ATTRIBUTE_KIND_DATE,
} as const;

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
    contextNames: [...info.contextNames],
    attributes: info.attributes.map(({ name, kind }) => ({ name, kind: attributeKinds[kind] })),
  });
  return Buffer.from(GetModelInfoResponse.encode(response).finish());
}
