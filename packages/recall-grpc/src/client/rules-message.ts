import type { Placement, Rules, RulesOutcome } from '@vector-recall/recall-service';
import {
  Placement as PlacementNumber,
  Rules as RulesMessage,
  type RulesOutcome as RulesOutcomeMessage,
} from '../gen/recall/v1/recall';
import { checkUint32, idList } from './id-list';

/** Rules as the wire has them. Attributes and ranges are the server's to check. @throws ClientRequestError */
export function rulesMessage({
  pool = 0,
  caps = [],
  diversity,
  decays = [],
  boosts = [],
  promoted,
}: Rules): RulesMessage {
  return {
    pool: checkUint32('rules.pool', pool),
    caps: caps.map(({ attribute, most }) => ({ attribute, most: checkUint32('rules.caps', most) })),
    diversity: diversity && { lambda: diversity.lambda },
    decays: decays.map(({ attribute, halfLife }) => ({ attribute, halfLife })),
    boosts: boosts.map(({ attribute, weight }) => ({ attribute, weight })),
    promoted: promoted && {
      itemIds: idList('rules.promoted', promoted.itemIds),
      quota: checkUint32('rules.promoted.quota', promoted.quota),
    },
  };
}

const placements: Readonly<Partial<Record<PlacementNumber, Placement>>> = {
  [PlacementNumber.PLACEMENT_SCORE]: 'score',
  [PlacementNumber.PLACEMENT_CAP]: 'cap',
  [PlacementNumber.PLACEMENT_DIVERSITY]: 'diversity',
  [PlacementNumber.PLACEMENT_PROMOTED]: 'promoted',
};

/** What the rules of an answer did, as the client hands it out. */
export interface RulesAnswer extends Pick<RulesOutcome, 'pool'> {
  /** What decays and boosts added to each score; absent where there are none. */
  readonly added?: readonly number[];
  /** Why each item stands where it does; `unknown` is said of a server that is newer than this client. */
  readonly placements: readonly (Placement | 'unknown')[];
}

export function rulesAnswer({ pool, added, placements: numbers }: RulesOutcomeMessage): RulesAnswer {
  return {
    pool,
    ...(added.length === 0 ? {} : { added }),
    placements: numbers.map((number) => placements[number] ?? 'unknown'),
  };
}
