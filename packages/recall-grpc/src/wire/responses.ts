import type {
  FilterOutcome,
  RecallResult,
  RecallSource,
  RecallTimings,
  RulesOutcome,
  ScoredItems,
} from '@vector-recall/recall-service';
import type { CallStatus } from '../contract/status';
import { Placement, SearchPlan, Source } from '../gen/recall/v1/recall';
import { BackwardWriter } from './backward-writer';

/**
 * The responses that carry candidates, written by hand: the bytes are those of the generated code, for less work. A
 * writer goes from the last field to the first, so the numbers of fields descend. See `recall.proto` for their meaning.
 */
const writer = new BackwardWriter();

const sources: Readonly<Record<RecallSource, Source>> = {
  model: Source.SOURCE_MODEL,
  history: Source.SOURCE_HISTORY_AND_FEATURES,
  popularity: Source.SOURCE_POPULARITY,
  vector: Source.SOURCE_QUERY_VECTOR,
};

const plans = {
  graph: SearchPlan.SEARCH_PLAN_GRAPH,
  scan: SearchPlan.SEARCH_PLAN_SCAN,
  groups: SearchPlan.SEARCH_PLAN_GROUPS,
} as const satisfies Record<NonNullable<FilterOutcome['plan']>, SearchPlan>;

const placements = {
  score: Placement.PLACEMENT_SCORE,
  cap: Placement.PLACEMENT_CAP,
  diversity: Placement.PLACEMENT_DIVERSITY,
  promoted: Placement.PLACEMENT_PROMOTED,
} as const satisfies Record<RulesOutcome['placements'][number], Placement>;

/** Which version answered. */
export interface Origin {
  readonly version: string;
  /** Absent where the server has one version. */
  readonly label?: string;
}

export function encodeRecallResponse(result: RecallResult, origin: Origin): Buffer {
  writer.begin();
  writeRecallResponse(result, origin);
  return writer.finish();
}

/** @param outcomes one a request, in their order, each with the version that it comes from */
export function encodeBatchRecallResponse(
  outcomes: readonly ((Origin & { readonly result: RecallResult }) | CallStatus)[],
): Buffer {
  writer.begin();
  for (let i = outcomes.length - 1; i >= 0; i--) {
    const outcome = outcomes[i];
    const from = writer.written;
    if ('result' in outcome) {
      writeRecallResponse(outcome.result, outcome);
      writer.lengthDelimited(1, from);
    } else {
      writer.string(2, outcome.details);
      writer.uint32(1, outcome.code);
      writer.lengthDelimited(2, from);
    }
    writer.lengthDelimited(1, from);
  }
  return writer.finish();
}

export function encodeSimilarItemsResponse(result: ScoredItems, { version, label = '' }: Origin): Buffer {
  writer.begin();
  writer.string(6, label);
  writeRules(5, result.rules);
  writeFilter(4, result.filter);
  writeTimings(3, result.timings);
  writer.string(2, version);
  writeItems(1, result);
  return writer.finish();
}

function writeRecallResponse(result: RecallResult, { version, label = '' }: Origin): void {
  writer.string(8, label);
  writeRules(7, result.rules);
  writeFilter(6, result.filter);
  writer.uint32(5, result.unknownHistoryItems);
  writeTimings(4, result.timings);
  writer.uint32(3, sources[result.source]);
  writer.string(2, version);
  writeItems(1, result);
}

function writeFilter(field: number, outcome: FilterOutcome | undefined): void {
  if (outcome === undefined) return;
  const from = writer.written;
  writer.uint32(2, outcome.plan === undefined ? SearchPlan.SEARCH_PLAN_UNSPECIFIED : plans[outcome.plan]);
  writer.uint32(1, outcome.matches);
  writer.lengthDelimited(field, from);
}

function writeRules(field: number, outcome: RulesOutcome | undefined): void {
  if (outcome === undefined) return;
  const from = writer.written;
  writer.packedInt64(
    3,
    outcome.placements.map((placement) => placements[placement]),
  );
  if (outcome.added !== undefined) writer.packedFloat(2, outcome.added);
  writer.uint32(1, outcome.pool);
  writer.lengthDelimited(field, from);
}

function writeTimings(field: number, { encodeMicros, searchMicros, totalMicros }: RecallTimings): void {
  const from = writer.written;
  writer.uint32(3, totalMicros);
  writer.uint32(2, searchMicros);
  writer.uint32(1, encodeMicros);
  writer.lengthDelimited(field, from);
}

function writeItems(field: number, { itemIds, scores }: Pick<ScoredItems, 'itemIds' | 'scores'>): void {
  const from = writer.written;
  writer.packedFloat(2, scores);
  const ids = writer.written;
  if (areIntegers(itemIds)) writer.packedInt64(1, itemIds);
  else for (let i = itemIds.length - 1; i >= 0; i--) writer.repeatedString(2, String(itemIds[i]));
  writer.lengthDelimited(1, ids);
  writer.lengthDelimited(field, from);
}

/** A catalogue has one kind of item id. */
function areIntegers(ids: readonly (number | string)[]): ids is readonly number[] {
  return typeof ids[0] === 'number';
}
