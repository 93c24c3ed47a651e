import type { AttributeKind, AttributeSchema } from '@vector-recall/item-catalogue';
import type { RecallLimits } from '../recall';
import { rulesLimits, type Boost, type Cap, type Decay } from './rules';

/** Rules in rows of the catalogue. */
export interface ParsedRules {
  readonly pool: number;
  readonly caps: readonly Cap[];
  /** Absent where likeness does not count. */
  readonly lambda?: number;
  readonly decays: readonly Decay[];
  readonly boosts: readonly Boost[];
  /** Rows, the preferred one first, each once. */
  readonly promoted: Int32Array;
  readonly quota: number;
}

export interface RulesContext {
  readonly schema: AttributeSchema;
  readonly limits: RecallLimits;
  readonly topK: number;
  /** The rows of ids; refuses what is no list of ids. */
  readonly rowsOf: (ids: unknown) => Int32Array;
  /** Refuses the rules for a problem that follows their name: `.pool is 3, but …`. */
  readonly refuse: (problem: string) => never;
}

type Given = Readonly<Record<string, unknown>>;

/** @param given the caller's, whatever its type says */
export function parseRules(given: unknown, context: RulesContext): ParsedRules {
  const { topK, limits, refuse, rowsOf } = context;
  const rules = objectOf(given, '', ['pool', 'caps', 'diversity', 'decays', 'boosts', 'promoted'], refuse);
  const entries = (field: string, fields: readonly string[]): Given[] => entriesOf(rules[field], field, fields, refuse);
  const attribute = (place: string, { attribute: name }: Given, kind: AttributeKind): string =>
    attributeOf(place, name, kind, context);
  const lambda = rules['diversity'] === undefined ? undefined : lambdaOf(rules['diversity'], refuse);
  const promotion =
    rules['promoted'] === undefined
      ? undefined
      : objectOf(rules['promoted'], '.promoted', ['itemIds', 'quota'], refuse);
  return {
    pool: poolOf(rules['pool'], lambda !== undefined, topK, limits, refuse),
    caps: entries('caps', ['attribute', 'most']).map((cap, i) => ({
      attribute: attribute(`.caps[${i}]`, cap, 'labels'),
      most: integerOf(`.caps[${i}].most`, cap['most'], 1, limits.maxTopK, refuse),
    })),
    lambda,
    decays: entries('decays', ['attribute', 'halfLife']).map((decay, i) => ({
      attribute: attribute(`.decays[${i}]`, decay, 'date'),
      halfLife: positiveOf(`.decays[${i}]`, decay['halfLife'], refuse),
    })),
    boosts: entries('boosts', ['attribute', 'weight']).map((boost, i) => ({
      attribute: attribute(`.boosts[${i}]`, boost, 'number'),
      weight: finiteOf(`.boosts[${i}].weight`, boost['weight'], refuse),
    })),
    promoted: promotion === undefined ? new Int32Array(0) : promotedOf(promotion['itemIds'], rowsOf, refuse),
    quota: promotion === undefined ? 0 : integerOf('.promoted.quota', promotion['quota'], 1, topK, refuse),
  };
}

type Refuse = RulesContext['refuse'];

function objectOf(given: unknown, place: string, fields: readonly string[], refuse: Refuse): Given {
  if (!isRecord(given)) return refuse(`${place} must be an object of ${fields.join(', ')}.`);
  const foreign = Object.keys(given).find((field) => !fields.includes(field));
  if (foreign === undefined) return given;
  return refuse(`${place} has no field ${JSON.stringify(foreign)}; its fields are ${fields.join(', ')}.`);
}

function entriesOf(given: unknown, field: string, fields: readonly string[], refuse: Refuse): Given[] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) return refuse(`.${field} must be an array.`);
  if (given.length > rulesLimits.maxEntries) {
    return refuse(`.${field} has ${given.length} entries, but it may have at most ${rulesLimits.maxEntries}.`);
  }
  return given.map((entry: unknown, i) => objectOf(entry, `.${field}[${i}]`, fields, refuse));
}

/** By default as much as rules may look at, up to four times what is returned. */
function poolOf(given: unknown, isDiverse: boolean, topK: number, { maxTopK }: RecallLimits, refuse: Refuse): number {
  const { poolTimes, maxPairs } = rulesLimits;
  if (isDiverse && topK * topK > maxPairs) {
    return refuse(
      ` ask for diversity, which can rank at most ${Math.sqrt(maxPairs)} items; lower the number of items, or leave it out.`,
    );
  }
  if (given === undefined) return Math.min(poolTimes * topK, isDiverse ? Math.floor(maxPairs / topK) : Infinity);
  const pool = integerOf('.pool', given, topK, poolTimes * maxTopK, refuse);
  if (!isDiverse || pool * topK <= maxPairs) return pool;
  return refuse(
    `.pool is ${pool}, but with diversity it may be at most ${Math.floor(maxPairs / topK)} where ${topK} items are asked for.`,
  );
}

function lambdaOf(given: unknown, refuse: Refuse): number {
  const { lambda } = objectOf(given, '.diversity', ['lambda'], refuse);
  if (typeof lambda === 'number' && lambda >= 0 && lambda <= 1) return lambda;
  return refuse(`.diversity.lambda is ${shown(lambda)}, but it must be a number from 0 to 1.`);
}

function promotedOf(ids: unknown, rowsOf: RulesContext['rowsOf'], refuse: Refuse): Int32Array {
  const { maxPromoted } = rulesLimits;
  if (!Array.isArray(ids) || ids.length === 0 || ids.length > maxPromoted) {
    return refuse(`.promoted must list from 1 to ${maxPromoted} item ids.`);
  }
  return Int32Array.from(new Set(rowsOf(ids)));
}

function attributeOf(place: string, name: unknown, kind: AttributeKind, { schema, refuse }: RulesContext): string {
  if (typeof name !== 'string') return refuse(`${place}.attribute must be the name of an attribute.`);
  const actual = schema.kindOf(name);
  if (actual === undefined) {
    return refuse(`${place}: there is no attribute ${JSON.stringify(name)}; ${schema.describe()}.`);
  }
  if (actual === kind) return name;
  return refuse(`${place}: the attribute ${name} is of the kind ${actual}, but it must be of the kind ${kind}.`);
}

function integerOf(place: string, value: unknown, least: number, most: number, refuse: Refuse): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  return refuse(`${place} is ${shown(value)}, but it must be an integer from ${least} to ${most}.`);
}

function positiveOf(place: string, value: unknown, refuse: Refuse): number {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  return refuse(`${place}: the half-life is ${shown(value)}, but it must be a number of seconds above 0.`);
}

function finiteOf(place: string, value: unknown, refuse: Refuse): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return refuse(`${place} is ${shown(value)}, but it must be a finite number.`);
}

function shown(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return value === undefined ? 'missing' : 'not a number';
}

function isRecord(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
