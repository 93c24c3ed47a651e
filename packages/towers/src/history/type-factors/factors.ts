import type { Histories } from '../histories';

/**
 * How much each entry counts by the type of its event: exp of what the table holds for the type, and 1 where the type is
 * unknown. As an exponent a factor stays above 0, and weight decay draws it to 1.
 *
 * @param table `[types, 1]`
 * @returns `[entries]`
 */
export function typeFactors(table: Float32Array, { offsets, types }: Histories): Float32Array {
  const entries = offsets[offsets.length - 1];
  if (types === undefined) return new Float32Array(entries).fill(1);
  const factors = table.map(Math.exp);
  return Float32Array.from(types, (type) => (type < 0 ? 1 : factors[type]));
}
