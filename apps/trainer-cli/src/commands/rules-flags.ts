import { UsageError } from '@vector-recall/command-line';
import type { RulesAnswer } from '@vector-recall/recall-grpc';
import type { Rules } from '@vector-recall/recall-service';
import type { ReportSection } from '@vector-recall/report';
import type { Command } from 'commander';
import { z } from 'zod';
import { parseCount } from './flag-values';
import { readIds, type IdKind } from './id-text';

const list = z.array(z.string()).optional();

/** The flags that {@link declareRulesFlags} declares. */
export const rulesFlags = z.object({
  pool: z.string().optional(),
  cap: list,
  diversity: z.string().optional(),
  decay: list,
  boost: list,
  promote: z.string().optional(),
});

export type RulesFlags = z.output<typeof rulesFlags>;

/** The largest pool of any server. */
const MOST_POOL = 40_000;

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** Declares the flags that put candidates in another order. */
export function declareRulesFlags(command: Command): void {
  command
    .option('--cap <name=n>', 'at most n items of each label, as brand=3; may be given more than once', collect)
    .option('--diversity <lambda>', '0 to 1: the lower, the more what is like items before it moves back')
    .option('--decay <name=age>', 'halve scores with each age, as added=30d; may be given more than once', collect)
    .option('--boost <name=weight>', 'add weight times a number, as margin=0.2; may be given more than once', collect)
    .option('--promote <ids>', 'item ids with commas that stand first, in this order')
    .option('--pool <n>', 'candidates to choose from by these flags (default: four times --top-k)');
}

export function hasRules({ pool, cap, diversity, decay, boost, promote }: RulesFlags): boolean {
  return [pool, cap, diversity, decay, boost, promote].some((flag) => flag !== undefined);
}

/** @throws UsageError; names of attributes and the largest values are the server's to check */
export function rulesOf(
  flags: RulesFlags,
  { topK, itemIdKind }: { topK: number; itemIdKind: IdKind },
): Rules | undefined {
  if (!hasRules(flags)) return undefined;
  const { pool, cap = [], diversity, decay = [], boost = [], promote } = flags;
  const itemIds = promote === undefined ? [] : readIds('--promote', promote, itemIdKind);
  return {
    pool: pool === undefined ? undefined : parseCount('--pool', pool, MOST_POOL),
    caps: cap.map((text) => {
      const { name, value } = pairOf('--cap', text, 'brand=3');
      return { attribute: name, most: parseCount('--cap', value, MOST_POOL) };
    }),
    diversity: diversity === undefined ? undefined : { lambda: numberOf('--diversity', diversity) },
    decays: decay.map((text) => {
      const { name, value } = pairOf('--decay', text, 'added=30d');
      return { attribute: name, halfLife: secondsOf(value) };
    }),
    boosts: boost.map((text) => {
      const { name, value } = pairOf('--boost', text, 'margin=0.2');
      return { attribute: name, weight: numberOf('--boost', value) };
    }),
    promoted: itemIds.length === 0 ? undefined : { itemIds, quota: Math.min(topK, itemIds.length) },
  };
}

/** An attribute, whose name may hold `=` itself, and a value. */
function pairOf(flag: string, text: string, example: string): { readonly name: string; readonly value: string } {
  const at = text.lastIndexOf('=');
  if (at > 0 && at < text.length - 1) return { name: text.slice(0, at), value: text.slice(at + 1) };
  throw new UsageError(`${flag} is "${text}", but it must be an attribute and a value, as in ${example}.`);
}

function numberOf(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new UsageError(`${flag} has "${text}" where a number is expected.`);
}

const seconds = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
]);

function secondsOf(text: string): number {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  const value = Number(digits) * (seconds.get(unit) ?? Number.NaN);
  if (value > 0) return value;
  throw new UsageError(`--decay has "${text}" where an age is expected, as in 30d, 12h, 5m or 90s.`);
}

/** What rules did with an answer. */
export function rulesFacts(outcome: Pick<RulesAnswer, 'pool'> | undefined): ReportSection['facts'] {
  return outcome === undefined ? [] : [['chosen from', `${outcome.pool.toLocaleString('en')} candidates`]];
}
