import { ServiceOptionError } from '../errors';
import type { RecallLimits } from '../recall';

/** A search for more takes longer than a request should; `efSearch` has the bound of its option. */
const defaultLimits: RecallLimits = { maxTopK: 10_000, maxEfSearch: 100_000 };

/**
 * Fills in what is not given.
 * @throws ServiceOptionError
 */
export function compileLimits(given: Partial<RecallLimits> = {}): RecallLimits {
  const limits = {
    maxTopK: given.maxTopK ?? defaultLimits.maxTopK,
    maxEfSearch: given.maxEfSearch ?? defaultLimits.maxEfSearch,
  };
  for (const [option, value] of Object.entries(limits)) checkPositive(option, value);
  return limits;
}

/** @throws ServiceOptionError */
export function checkPositive(option: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new ServiceOptionError(option, `${option} is ${value}, but it must be an integer of at least 1.`);
}
