export type Id = number | string;

/** What an attribute holds: a label, several, or a number; dates are seconds since 1970. */
export type AttributeValue = string | number | readonly (string | number)[];

/** An item as it is from now on; what it was before is forgotten. */
export interface LiveItem {
  readonly id: Id;
  /** `[dim]` to search it by; without one, the item tower makes it of the attributes. */
  readonly vector?: Float32Array;
  /** By the names of the data that the model was trained on. */
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly name?: string;
}

/** A user as they are from now on. */
export interface LiveUser {
  readonly id: Id;
  /** `[width]` raw user features, in the order of the model. */
  readonly features?: readonly number[];
}

/** Something that a user did. */
export interface LiveEvent {
  readonly itemId: Id;
  /** When, in milliseconds since 1970. */
  readonly at: number;
  /** What kind of event it is, as the log of the training names it; absent where nobody said. */
  readonly type?: string;
}

/** One change to what is served. */
export type ChangeBody =
  | { readonly kind: 'upsert-item'; readonly item: LiveItem }
  | { readonly kind: 'delete-item'; readonly id: Id }
  | { readonly kind: 'upsert-user'; readonly user: LiveUser }
  /** Erases the user: what is stored of them is forgotten, and the model answers them as one that it does not know. */
  | { readonly kind: 'delete-user'; readonly id: Id }
  /** Oldest first. */
  | { readonly kind: 'append-events'; readonly userId: Id; readonly events: readonly LiveEvent[] };

/** A change that is to be made. */
export type NewChange = ChangeBody & {
  /** A change whose id was seen before is acknowledged and not made again. */
  readonly changeId?: string;
};

/** A change that was made, at its place in the order of all. */
export type Change = NewChange & {
  /** Counts from 1. */
  readonly seq: number;
};

/** How far a log follows a stream of changes. */
export interface StreamOffset {
  /** Of all streams that ever were. */
  readonly stream: string;
  /** The message of the stream that was taken up last; 0 before the first. */
  readonly position: number;
  /** The change that was the last of that message: the next one has the next number. */
  readonly seq: number;
}
