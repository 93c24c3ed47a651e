/**
 * Four 32-bit words out of a seed and a purpose, for the start of a generator.
 * The purpose is folded in by FNV-1a over its UTF-16 code units, the words are spread by the finaliser of MurmurHash3,
 * so that neighbouring seeds and similar purposes share no visible pattern.
 */
export function seedWords(seed: number, purpose: string): [number, number, number, number] {
  const low = mix(seed >>> 0);
  const high = mix(Math.floor(seed / 0x1_0000_0000) ^ 0x5bd1e995);
  let hash = 0x811c9dc5;
  for (let i = 0; i < purpose.length; i++) hash = Math.imul(hash ^ purpose.charCodeAt(i), 0x01000193);
  const label = mix(hash);
  const word = (step: number): number =>
    mix(mix(low + Math.imul(step, 0x9e3779b9)) ^ mix(high + label + Math.imul(step, 0x85ebca6b)) ^ label) | 0;
  // A state of zeros is the one from which xoroshiro128+ never leaves; the fixed bit keeps clear of it.
  return [word(1), word(2), word(3), word(4) | 1];
}

function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
