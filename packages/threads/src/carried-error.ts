/** A class of errors that keep their type when they cross from one thread to another. */
export type ErrorClass = abstract new (...values: never[]) => Error;

/** An error as data: structured cloning would keep neither its class nor its own fields. */
export interface CarriedError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly cause?: CarriedError;
}

export function packError(error: unknown): CarriedError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), fields: {} };
  const { name, message, stack } = error;
  const fields = Object.fromEntries(Object.entries(error).filter(([, value]) => typeof value !== 'object'));
  return { name, message, stack, fields, ...(error.cause === undefined ? {} : { cause: packError(error.cause) }) };
}

/** @param classes those that are told apart; an error of another class comes back as a plain `Error` with its fields */
export function unpackError(carried: CarriedError, classes: readonly ErrorClass[]): Error {
  const { name, message, stack, fields } = carried;
  const cause = carried.cause && unpackError(carried.cause, classes);
  const type = classes.find((candidate) => candidate.name === name);
  const error = new Error(message, cause && { cause });
  // The constructors of the classes take what they like; an error is whole without them: prototype, message and fields.
  if (type !== undefined) Object.setPrototypeOf(error, type.prototype as object);
  return Object.assign(error, fields, { name, stack });
}
