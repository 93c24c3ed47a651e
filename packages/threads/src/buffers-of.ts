import { types } from 'node:util';

/**
 * The buffers of all typed arrays in plain data, each once, for handing them over with it.
 * Shared buffers are left out: they are not handed over but seen by both sides.
 */
export function buffersOf(data: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  const visit = (value: unknown): void => {
    if (ArrayBuffer.isView(value)) {
      // By its slot and not by its class, of which every realm has its own.
      if (types.isArrayBuffer(value.buffer)) found.add(value.buffer);
    } else if (Array.isArray(value)) {
      // A list of labels may be long; what it holds is alike, so its first entry tells.
      if (typeof value[0] === 'object') value.forEach(visit);
    } else if (typeof value === 'object' && value !== null) {
      Object.values(value).forEach(visit);
    }
  };
  visit(data);
  return [...found];
}
