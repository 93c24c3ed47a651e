/** A fixed offset as ISO 8601 writes it. */
const OFFSET = /^([+-])(\d{2}):?(\d{2})$/;

/** Whether a text names a time zone: `UTC`, `+02:00` or a name of the IANA database. */
export function isTimeZone(name: string): boolean {
  const offset = OFFSET.exec(name);
  if (offset !== null) return Number(offset[2]) < 24 && Number(offset[3]) < 60;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Seconds east of UTC of an offset such as `+02:00`, `undefined` for another text. */
export function parseOffset(text: string): number | undefined {
  const match = OFFSET.exec(text);
  if (match === null) return undefined;
  const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60;
  return match[1] === '-' ? -seconds : seconds;
}

/** Offsets change at quarters of an hour at the finest, in all zones since 1972. */
const QUARTER = 900;

/**
 * The clock of a time zone. Offsets are looked up once for each quarter of an hour and kept, since a look-up takes
 * microseconds and a log has millions of times.
 */
export class ZoneClock {
  readonly #format: Intl.DateTimeFormat | undefined;
  readonly #fixed: number;
  readonly #offsets = new Map<number, number>();

  /** @param name see {@link isTimeZone} */
  constructor(name: string) {
    const fixed = name === 'UTC' ? 0 : parseOffset(name);
    this.#fixed = fixed ?? 0;
    if (fixed === undefined)
      this.#format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  }

  /** Seconds east of UTC at an instant. */
  offsetAt(utcSeconds: number): number {
    if (this.#format === undefined) return this.#fixed;
    const quarter = Math.floor(utcSeconds / QUARTER);
    let offset = this.#offsets.get(quarter);
    if (offset === undefined) {
      offset = this.#lookUp(this.#format, quarter * QUARTER);
      this.#offsets.set(quarter, offset);
    }
    return offset;
  }

  /**
   * The instant at which the clock shows a local time, both in seconds since 1970. Of two such instants, when clocks
   * are put back, the first; a time that is skipped counts as the one that the clock would have shown without the change.
   */
  toUtc(localSeconds: number): number {
    // The offset of a day before and after brackets any change nearby.
    const before = localSeconds - this.offsetAt(localSeconds - 86_400);
    if (this.offsetAt(before) === localSeconds - before) return before;
    const after = localSeconds - this.offsetAt(localSeconds + 86_400);
    return this.offsetAt(after) === localSeconds - after ? after : before;
  }

  #lookUp(format: Intl.DateTimeFormat, utcSeconds: number): number {
    const part = format.formatToParts(utcSeconds * 1000).find(({ type }) => type === 'timeZoneName');
    // GMT, GMT+01:00 or, for old local times, GMT+00:53:28, whose seconds are dropped.
    return parseOffset((part?.value ?? '').slice(3, 9)) ?? 0;
  }
}
