import type { Field } from './header';

/** What a field of names is called in front of `name`, where it is of the item and not of its brand or author. */
const NOUNS =
  'item|product|goods|article|movie|film|video|show|series|anime|book|song|track|music|album|artist|game|app|recipe|restaurant|hotel|business|venue|poi|place|job|course|news';

/** From the most to the least certain: `title` is a title; `name` is one where there is none; `brand_name` never is. */
const PATTERNS = [
  /^title$/i,
  new RegExp(`^(${NOUNS})_?title$`, 'i'),
  /^name$/i,
  new RegExp(`^(${NOUNS})_?name$`, 'i'),
  /[a-z]_title$/i,
];

/** The field that holds what a person calls an item; `undefined` where none does. */
export function findItemName(fields: readonly Field[]): Field | undefined {
  const labels = fields.filter(isLabel);
  for (const pattern of PATTERNS) {
    const found = labels.find(({ name }) => pattern.test(name));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The field that holds what a user is called, `nickname` or `user_name`; `undefined` where none does. */
export function findUserName(fields: readonly Field[]): Field | undefined {
  return fields.filter(isLabel).find(({ name }) => /name$/i.test(name));
}

function isLabel({ type }: Field): boolean {
  return type.startsWith('token');
}
