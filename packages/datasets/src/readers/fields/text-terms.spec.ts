import fc from 'fast-check';
import { hashTerms, TEXT_BUCKETS } from './hash-terms';
import { characterTerms, wordTerms } from './text-terms';

describe('wordTerms', () => {
  it('takes words whole and in parts, without case and accents, and pairs of neighbours', () => {
    expect(wordTerms('  Édition Kitchen-2, "lamp"!')).toEqual([
      'edition',
      'kitchen-2',
      'kitchen',
      '2',
      'lamp',
      'edition kitchen-2',
      'kitchen-2 lamp',
    ]);
  });

  it('takes words of any script, and none of a text without letters', () => {
    expect(wordTerms('Ночной дозор')).toEqual(['ночнои', 'дозор', 'ночнои дозор']);
    expect(wordTerms(' – … ! ')).toEqual([]);
  });
});

describe('characterTerms', () => {
  it('takes pieces of 3 to 5 characters with the ends of words marked', () => {
    expect(characterTerms('Sofa a')).toEqual([
      '<so',
      'sof',
      'ofa',
      'fa>',
      '<sof',
      'sofa',
      'ofa>',
      '<sofa',
      'sofa>',
      '<a>',
    ]);
  });

  it('cuts between characters, not within them', () => {
    expect(characterTerms('𝒳𝒴')).not.toContain('\ud835');
    expect(characterTerms('漢字')).toEqual(['<漢字', '漢字>', '<漢字>']);
  });
});

describe('hashTerms', () => {
  it('gives the same buckets on every machine, none twice', () => {
    expect(hashTerms(['lamp', 'desk', 'lamp', ''])).toEqual(hashTerms(['lamp', 'desk', '']));
    expect(hashTerms(['lamp', 'desk'])).toEqual([13212, 4299]);
  });

  it('spreads terms evenly', () => {
    const buckets = hashTerms(Array.from({ length: TEXT_BUCKETS }, (_, term) => `term ${term}`));
    // Of n terms drawn into n buckets, 1 - 1/e of the buckets are taken.
    expect(Math.abs(buckets.length / TEXT_BUCKETS - (1 - Math.exp(-1)))).toBeLessThan(0.02);
  });

  it('stays within the buckets for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const buckets = hashTerms([...wordTerms(text), ...characterTerms(text)]);
        expect(new Set(buckets).size).toBe(buckets.length);
        for (const bucket of buckets)
          expect(bucket >= 0 && bucket < TEXT_BUCKETS && Number.isInteger(bucket)).toBe(true);
      }),
      { numRuns: 100, seed: 5 },
    );
  });
});
