import { AttributeError } from './errors';

/**
 * What the values of an attribute are. `labels`: any number of strings for each item. `number`: one number.
 * `date`: one moment, in seconds since 1970.
 */
export const attributeKinds = ['labels', 'number', 'date'] as const;
export type AttributeKind = (typeof attributeKinds)[number];

export interface Attribute {
  readonly name: string;
  readonly kind: AttributeKind;
}

/** The attributes that the items of a catalogue have. */
export class AttributeSchema {
  readonly #places: ReadonlyMap<string, number>;

  /** @throws AttributeError where a name is empty or occurs twice */
  constructor(readonly attributes: readonly Attribute[]) {
    const places = new Map<string, number>();
    for (const [place, { name }] of attributes.entries()) {
      if (name === '') throw new AttributeError(name, 'An attribute must have a name.');
      if (places.has(name)) throw new AttributeError(name, `The attribute ${name} is declared twice.`);
      places.set(name, place);
    }
    this.#places = places;
  }

  /** Index into {@link attributes}. */
  placeOf(name: string): number | undefined {
    return this.#places.get(name);
  }

  kindOf(name: string): AttributeKind | undefined {
    const place = this.#places.get(name);
    return place === undefined ? undefined : this.attributes[place].kind;
  }

  /** For errors: what there is to choose from. */
  describe(): string {
    if (this.attributes.length === 0) return 'this catalogue has no attributes';
    return `the attributes are ${this.attributes.map(({ name, kind }) => `${name} (${kind})`).join(', ')}`;
  }
}
