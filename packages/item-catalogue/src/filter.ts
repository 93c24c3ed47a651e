/** Which items may be returned. Attributes are named as in the catalogue's {@link AttributeSchema}. */
export type Filter = AllOf | AnyOf | Not | LabelsFilter | RangeFilter | AgeFilter | IdsFilter;

/** Items that every one of the filters selects. */
export interface AllOf {
  readonly kind: 'allOf';
  /** At least one. */
  readonly filters: readonly Filter[];
}

/** Items that at least one of the filters selects. */
export interface AnyOf {
  readonly kind: 'anyOf';
  /** At least one. */
  readonly filters: readonly Filter[];
}

/** Items that the filter does not select, those that lack its attribute included. */
export interface Not {
  readonly kind: 'not';
  readonly filter: Filter;
}

/** Items by their labels. `any`: with at least one of the values; `all`: with every one; `none`: without all of them. */
export interface LabelsFilter {
  readonly kind: 'labels';
  readonly attribute: string;
  /** At least one; labels that no item has match nothing. */
  readonly values: readonly string[];
  readonly mode: 'any' | 'all' | 'none';
}

/** An interval with at least one bound. Bounds belong to it unless they are excluded. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
  readonly excludesMin?: boolean;
  readonly excludesMax?: boolean;
}

/** Items whose number, or date in seconds since 1970, lies in an interval. Items that lack it are not selected. */
export interface RangeFilter extends Bounds {
  readonly kind: 'range';
  readonly attribute: string;
}

/** Items whose date lies so many seconds before now. */
export interface AgeFilter extends Bounds {
  readonly kind: 'age';
  readonly attribute: string;
}

/** Items by their ids; ids that the catalogue does not hold are passed over. */
export interface IdsFilter {
  readonly kind: 'ids';
  /** At least one. */
  readonly ids: readonly (number | string)[];
}

export const labelModes = ['any', 'all', 'none'] as const;

export const filterLimits = {
  /** Filters within filters: a single test has depth 1. */
  maxDepth: 8,
  /** Filters in all, those that hold others included. */
  maxFilters: 256,
  /** Labels and ids in all. */
  maxValues: 20_000,
} as const;
