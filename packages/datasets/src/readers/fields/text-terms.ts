/** Lengths of the pieces of a word, as in fastText (Bojanowski et al. 2017, where they are 3 to 6). */
const SHORTEST_PIECE = 3;
const LONGEST_PIECE = 5;

/** The words of a text without case and accents, each word whole (`kitchen-2`) and in its parts, and pairs of neighbours. */
export function wordTerms(text: string): string[] {
  const words = wordsOf(text);
  const terms = words.flatMap((word) => {
    const parts = word.split(INNER);
    return parts.length === 1 ? [word] : [word, ...parts];
  });
  for (let i = 0; i + 1 < words.length; i++) terms.push(`${words[i]} ${words[i + 1]}`);
  return terms;
}

/** All pieces of 3 to 5 characters of each word, its ends marked: `<so`, `sof`, `ofa`, `fa>`, … */
export function characterTerms(text: string): string[] {
  const terms: string[] = [];
  for (const word of wordsOf(text)) {
    const marked = Array.from(`<${word}>`);
    for (let length = SHORTEST_PIECE; length <= LONGEST_PIECE; length++) {
      for (let start = 0; start + length <= marked.length; start++) {
        terms.push(marked.slice(start, start + length).join(''));
      }
    }
  }
  return terms;
}

/** What holds the parts of a word together. */
const INNER = /[^\p{L}\p{N}]+/u;
const WORD = /[\p{L}\p{N}]+(?:[-_.'’/&][\p{L}\p{N}]+)*/gu;
const ACCENTS = /\p{Mn}/gu;

function wordsOf(text: string): readonly string[] {
  return text.normalize('NFKD').replace(ACCENTS, '').toLowerCase().match(WORD) ?? [];
}
