import type {
  RecallRequest,
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
import { acquireChosen, chooseVersion, type VersionChoice } from './choose-version';
import { describeMethods } from './describe-methods';
import { encodeMethods, type WithModel } from './encode-methods';
import { decodeGenerated } from '../wire/decode-generated';
import { readRecallRequest, readSimilarItemsRequest, readVersionLabel, splitBatch } from '../wire/read-requests';
import {
  encodeBatchRecallResponse,
  encodeRecallResponse,
  encodeSimilarItemsResponse,
  type Origin,
} from '../wire/responses';

export interface RecallMethodsOptions {
  readonly models: ModelSource;
  readonly limits: WireLimits;
  readonly metrics: Pick<ServerMetrics, 'observeStages' | 'observeBatch' | 'observeLabel'>;
  /** Is told of every answer; absent where none are logged. */
  readonly served?: AnswerSink;
}

/** What a model has answered, and which one it was. */
export interface Answered<Result> extends Origin {
  readonly result: Result;
}

/** A request, and which of two versions is to answer it. */
interface Chosen<Request> {
  readonly request: Request;
  /** Absent where the server has one version. */
  readonly choice?: VersionChoice;
}

/** How each method of `RecallService` is served. */
export function recallMethods({ models, limits, metrics, served }: RecallMethodsOptions): readonly Method[] {
  const bytesOf = requestBytes(limits);
  /** Answers with the model in use, which is held until then. */
  const withModel: WithModel = async (answer, choice) => {
    const lease = acquireChosen(models, choice);
    if (lease === undefined) throw new ModelNotLoadedError();
    try {
      const { version } = lease.service.info();
      return { result: await answer(lease.service), version, label: lease.label };
    } finally {
      lease.release();
    }
  };

  const readRecall = (bytes: Buffer): Chosen<RecallRequest> => {
    const request = readRecallRequest(bytes, limits);
    const readLabel = (): string => readVersionLabel('RecallRequest', bytes, 16);
    return { request, choice: chooseVersion(models, readLabel, request.userId) };
  };
  /** One entry of a batch: a request, or what is wrong with its bytes. */
  const readEntry = (bytes: Buffer): Chosen<RecallRequest> | CallStatus => {
    try {
      return readRecall(bytes);
    } catch (error) {
      return statusOf(error);
    }
  };

  const recall: Method<Chosen<RecallRequest>, Answered<RecallResult>> = {
    name: 'Recall',
    maxRequestBytes: bytesOf.recall,
    decode: readRecall,
    answer: async ({ request, choice }, { signal, givenId }) => {
      const answered = await withModel(async (model) => {
        const result = await model.recall(request, { signal });
        metrics.observeStages(result.timings);
        served?.note({ method: 'Recall', request, result, ...headOf(model, givenId() ?? served.requestId()) });
        return result;
      }, choice);
      metrics.observeLabel(answered.label, 1, answered.result.timings);
      return answered;
    },
    encode: ({ result, ...origin }) => encodeRecallResponse(result, origin),
  };

  const batchRecall: Method<readonly Buffer[], readonly (Answered<RecallResult> | CallStatus)[]> = {
    name: 'BatchRecall',
    maxRequestBytes: bytesOf.batchRecall,
    decode: (bytes) => splitBatch(bytes, limits),
    answer: async (messages, { signal, countUsers, givenId }) => {
      metrics.observeBatch(messages.length);
      countUsers(messages.length);
      const entries = await mapYielding(messages, readEntry);
      const id = served && (givenId() ?? served.requestId());
      const groups = groupByVersion(entries);
      const answers = new Map<number, Answered<RecallResult> | CallStatus>();
      const answerGroup = async ([choice, group]: Group): Promise<void> => {
        const requests = group.map(({ request }) => request);
        const { result: results, ...origin } = await withModel(async (model) => {
          const found = await model.recallEach(requests, { signal });
          if (served === undefined) return found;
          for (const [i, result] of found.entries()) {
            if (!('scores' in result)) continue;
            const head = headOf(model, `${id ?? ''}/${group[i].place}`);
            served.note({ method: 'BatchRecall', request: requests[i], result, ...head });
          }
          return found;
        }, choice);
        for (const [i, result] of results.entries()) {
          const outcome = result instanceof Error ? statusOf(result) : { result, ...origin };
          answers.set(group[i].place, outcome);
        }
        const timed = results.find((result) => 'timings' in result);
        if (timed === undefined) return;
        // Each result of a batch bears the timings of the whole.
        metrics.observeStages(timed.timings);
        metrics.observeLabel(origin.label, results.length, timed.timings);
      };
      // A server without a model says so, whatever the entries are.
      if (groups.length === 0) await withModel(() => Promise.resolve());
      await Promise.all(groups.map(answerGroup));
      return entries.map((entry, place) => (isStatus(entry) ? entry : answerAt(answers, place)));
    },
    encode: encodeBatchRecallResponse,
  };

  const similarItems: Method<Chosen<SimilarItemsRequest>, Answered<ScoredItems>> = {
    name: 'SimilarItems',
    maxRequestBytes: bytesOf.similarItems,
    decode: (bytes) => {
      const readLabel = (): string => readVersionLabel('SimilarItemsRequest', bytes, 8);
      return { request: readSimilarItemsRequest(bytes, limits), choice: chooseVersion(models, readLabel) };
    },
    answer: ({ request, choice }, { signal, givenId }) =>
      withModel(async (model) => {
        const result = await model.similarItems(request, { signal });
        metrics.observeStages(result.timings);
        served?.note({ method: 'SimilarItems', request, result, ...headOf(model, givenId() ?? served.requestId()) });
        return result;
      }, choice),
    encode: ({ result, ...origin }) => encodeSimilarItemsResponse(result, origin),
  };

  const getModelInfo: Method<VersionChoice | undefined, Answered<ServiceInfo>> = {
    name: 'GetModelInfo',
    maxRequestBytes: bytesOf.getModelInfo,
    decode: (bytes) => {
      const { versionLabel } = decodeGenerated('GetModelInfoRequest', GetModelInfoRequest, bytes);
      return chooseVersion(models, () => versionLabel);
    },
    answer: (choice) => withModel((model) => Promise.resolve(model.info()), choice),
    encode: ({ result, label }) => encodeModelInfo(result, limits, label),
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

/** The good entries of a batch that one version answers. */
type Group = readonly [
  choice: VersionChoice | undefined,
  entries: readonly (Chosen<RecallRequest> & { readonly place: number })[],
];

function groupByVersion(entries: readonly (Chosen<RecallRequest> | CallStatus)[]): Group[] {
  const groups = new Map<string, { choice?: VersionChoice; found: (Chosen<RecallRequest> & { place: number })[] }>();
  for (const [place, entry] of entries.entries()) {
    if (isStatus(entry)) continue;
    const { choice } = entry;
    const key = choice === undefined ? '' : `${choice.label} ${choice.isNamed}`;
    const group = groups.get(key) ?? { choice, found: [] };
    group.found.push({ ...entry, place });
    groups.set(key, group);
  }
  return Array.from(groups.values(), ({ choice, found }): Group => [choice, found]);
}

function answerAt<Answer>(answers: ReadonlyMap<number, Answer>, place: number): Answer {
  const answer = answers.get(place);
  if (answer === undefined) throw new TypeError(`The entry ${place} of a batch has no answer.`);
  return answer;
}

function isStatus(entry: object): entry is CallStatus {
  return 'details' in entry;
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

function encodeModelInfo(info: ServiceInfo, { maxTopK, maxBatch, maxEfSearch }: WireLimits, versionLabel = ''): Buffer {
  const response = GetModelInfoResponse.fromPartial({
    modelVersion: info.version,
    versionLabel,
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
    eventTypes: [...info.eventTypes],
    attributes: info.attributes.map(({ name, kind }) => ({ name, kind: attributeKinds[kind] })),
  });
  return Buffer.from(GetModelInfoResponse.encode(response).finish());
}
