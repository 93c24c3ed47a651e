/** Thrown when a filter can't be applied to a catalogue. `path` names the part that is wrong: `allOf[1].attribute`. */
export class FilterError extends Error {
  readonly code = 'FILTER_INVALID';

  constructor(
    readonly path: string,
    message: string,
  ) {
    super(message);
    this.name = 'FilterError';
  }
}

/** Thrown when the schema of attributes, or a value of an attribute, is not allowed. */
export class AttributeError extends Error {
  readonly code = 'ATTRIBUTE_INVALID';

  constructor(
    readonly attribute: string,
    message: string,
    /** Place of the record that has the value, counted from 0. */
    readonly record?: number,
  ) {
    super(message);
    this.name = 'AttributeError';
  }
}

/** Thrown when the text of a filter can't be read. The message shows the place with a caret below it. */
export class FilterSyntaxError extends Error {
  readonly code = 'FILTER_SYNTAX_INVALID';

  constructor(
    readonly source: string,
    /** Place in the source, from 0. */
    readonly at: number,
    readonly problem: string,
  ) {
    // One line, so that the caret is below its place.
    const line = source.replace(/\s/g, ' ');
    super(`The filter cannot be read: ${problem}, at character ${at + 1}:\n  ${line}\n  ${' '.repeat(at)}^`);
    this.name = 'FilterSyntaxError';
  }
}
